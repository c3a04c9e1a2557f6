"""What commands declare, gathered without a parser."""

from __future__ import annotations

from publish.cli.declared import Commands, Declared, argument, option


def test_commands_and_groups_keep_their_order_and_settings():
    group, commands = Commands({"help": "many"}), Commands({"name": "all"})

    @commands.command(epilog="as it is")
    def one() -> None: ...

    @group.command("other")
    def another() -> None: ...

    @commands.options
    def shared() -> None: ...

    commands.add(group, name="group")
    assert commands.members == [(one, {"name": None, "epilog": "as it is"}), (group, {"name": "group"})]
    assert group.members == [(another, {"name": "other"})]
    assert commands.common == [shared]


def test_an_option_has_names_and_an_argument_has_none():
    assert option("--style", "-s", help="which") == Declared(("--style", "-s"), {"help": "which"})
    assert argument(metavar="DIR") == Declared((), {"metavar": "DIR"})
