"""A tool's settings are found in a folder and below it, the Chinese ones first."""

from publish.importers.settings import lang_of, settings_file, settings_files


def test_of_settings_equally_deep_the_chinese_ones_are_first(tmp_path):
    names = ("docs/en/conf.py", "docs/zh_TW/conf.py", "docs/zh_cn/conf.py", "tests/conf.py", "tool/conf.py")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [one.relative_to(tmp_path).as_posix() for one in settings_files(tmp_path, "conf.py")]
    assert found == ["tool/conf.py", "docs/zh_cn/conf.py", "docs/zh_TW/conf.py", "docs/en/conf.py"]
    assert settings_file(tmp_path / "docs", ("conf.py",)) == tmp_path / "docs/zh_cn/conf.py"
    assert settings_file(tmp_path, ("book.toml",)) is None


def test_a_tag_has_a_region():
    assert [lang_of(one) for one in ("zh_CN", "zh-Hant", "zh-HK", "cn", "en")] == [
        "zh-CN",
        "zh-TW",
        "zh-HK",
        "zh-CN",
        "",
    ]
