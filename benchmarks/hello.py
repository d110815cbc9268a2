"""The yardstick: the smallest Typer application that has two commands."""

import typer

app = typer.Typer()


@app.command()
def hello(name: str = "world") -> None:
    print(f"Hello {name}")


@app.command()
def goodbye(name: str = "world") -> None:
    print(f"Goodbye {name}")


if __name__ == "__main__":
    app()
