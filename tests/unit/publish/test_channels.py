"""Which channel goes where, as the business's own seed says, and the caps as the models have them."""

from pathlib import Path

import pytest

from orchestration.publish.channels import ChannelError, rules
from orchestration.publish.destinations import DESTINATIONS

HEADER = "channel,platform,id_type,destination,consent_purpose,minimum_size,unit_cost,is_touch"


def project(folder: Path, row: str) -> Path:
    (folder / "seeds").mkdir()
    (folder / "seeds" / "channels.csv").write_text(f"{HEADER}\n{row}\n")
    (folder / "dbt_project.yml").write_text("vars: {touch_cap_3d: 1, touch_cap_7d: 2, touch_cap_30d: 6}\n")
    return folder


def test_the_channels_that_are_shipped_reach_every_destination() -> None:
    own = rules()
    assert {one.destination for one in own.channels.values()} == {*DESTINATIONS} and sorted(own.caps) == [3, 7, 30]
    assert own.channel("qianchuan").purposes == ["share_with_ad_platform"]
    assert own.channel("parcel").purposes == [] and not own.channel("parcel").is_touch


def test_an_advertising_platform_needs_the_consent_to_share_whatever_the_seed_says(tmp_path: Path) -> None:
    own = rules(project(tmp_path, "ads,,phone,qianchuan,marketing_message,0,0,true"))
    assert own.channel("ads").purposes == ["marketing_message", "share_with_ad_platform"]


def test_an_unlisted_channel_is_one_of_messages_without_a_file_for_machines(tmp_path: Path) -> None:
    own = rules(project(tmp_path, "ads,,phone,qianchuan,,0,0,true"))
    for name in ("../../elsewhere", None):
        assert (own.channel(name).limits.id_type, own.channel(name).purposes) == ("none", ["marketing_message"])


def test_a_channel_to_nowhere_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match=r"channels.csv: channel 'x' goes to 'mars', .* Write one of douyin_sms,"):
        rules(project(tmp_path, "x,,phone,mars,,0,0,true"))
