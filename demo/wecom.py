"""WeCom: customers whom the brand's guides have added, what they do afterwards, and the guides' groups."""

from datetime import date

import numpy as np

from demo import canaries, headers
from demo.brand import Brand
from demo.cells import Cell, Text, choose, digits, end_of, pick, scrambled, when
from demo.columns import Array, Columns, height, rows, stacked
from demo.formats import csv_bytes, xlsx_bytes
from demo.timeline import DAY, HOUR, NEVER, seconds

GUIDES = ("chenmei", "liuyang", "wangfang", "zhaolei")
GROUPS = tuple(f"wrSIHE{number:04d}" for number in range(len(GUIDES)))
ADDED_EVERY, SECOND_GUIDE_EVERY, DELETED_EVERY = 6, 5, 23
BEIJING = 8 * HOUR
BY_EMPLOYEE, BY_CUSTOMER, ADDED = range(3)
EVENTS = ("del_external_contact", "del_follow_user", "add_external_contact")


def contacts_as_of(brand: Brand, cutoff: int) -> Columns:
    """One row per customer and guide: some members are added after joining, a few of them by two guides."""
    known = rows(brand.memberships, brand.memberships["person"] % ADDED_EVERY == 0)
    _, first = np.unique(known["person"], return_index=True)
    known = rows(known, first)
    once = {
        "person": known["person"],
        "guide": known["person"] // ADDED_EVERY % len(GUIDES),
        "added_at": known["joined_at"] + HOUR,
        "lost_at": known["left_at"],
    }
    again = rows(once, once["person"] // ADDED_EVERY % SECOND_GUIDE_EVERY == 0)
    again |= {"guide": (again["guide"] + 1) % len(GUIDES), "added_at": again["added_at"] + 3 * DAY}
    contacts = stacked([once, again])
    return rows(contacts, (contacts["added_at"] < cutoff) & (contacts["added_at"] < contacts["lost_at"]))


def external_id(person: Array) -> Text:
    return scrambled(person + (1 << 42), "wm")


def wechat_id(person: Array) -> Text:
    return scrambled(person + (1 << 41), "o")


def unix(moments: Array) -> Text:
    return digits(moments - BEIJING)


def customer_list(brand: Brand, day: date) -> bytes | None:
    contacts = contacts_as_of(brand, end_of(day))
    if height(contacts) == 0:
        return None
    person = contacts["person"]
    cells: dict[str, Cell] = {
        "external_userid": external_id(person),
        "unionid": choose(person % 4 > 0, wechat_id(person), ""),
        "type": "1",
        "name": pick(canaries.NAMES, person % 4),
        "userid": pick(GUIDES, contacts["guide"]),
        "remark": pick(canaries.REMARKS, person % 4),
        "remark_mobiles": pick(canaries.PHONES, person % 4),
        "createtime": unix(contacts["added_at"]),
        "add_way": digits(1 + person % 2 * 3),
        "oper_userid": pick(GUIDES, contacts["guide"]),
        "state": pick(("store01", "store02", "parcel"), person % 3),
        "export_time": f"{day} 23:59:59",
    }
    return csv_bytes(headers.WECOM_CUSTOMER, cells, height(contacts))


def contact_export(brand: Brand, day: date) -> bytes | None:
    """The same people as the admin console names them: without any id."""
    contacts = contacts_as_of(brand, end_of(day))
    if height(contacts) == 0:
        return None
    person = contacts["person"]
    cells: dict[str, Cell] = {
        "客户名称": pick(canaries.NAMES, person % 4),
        "描述": pick(canaries.REMARKS, person % 4),
        "添加人": canaries.NAMES[0],
        "添加人账号": pick(GUIDES, contacts["guide"]),
        "添加人所属部门": "四禾家居/门店导购",
        "添加时间": when(contacts["added_at"]),
        "来源": choose(person % 2 == 0, "扫描二维码", "群聊"),
        "手机": pick(canaries.PHONES, person % 4),
        "地址": pick(canaries.ADDRESSES, person % 4),
        "会员等级": "银卡、常客",
    }
    return xlsx_bytes(headers.WECOM_CONTACT, cells, height(contacts))


def event_list(brand: Brand, day: date, days: int) -> bytes | None:
    """Customers added or lost in the last so many days; who leaves the shop deletes the guide too."""
    contacts = contacts_as_of(brand, end_of(day))
    deleted = np.where(contacts["person"] % DELETED_EVERY == 0, contacts["added_at"] + 30 * DAY, NEVER)
    who = {name: contacts[name] for name in ("person", "guide")}
    moments = {ADDED: contacts["added_at"], BY_CUSTOMER: contacts["lost_at"], BY_EMPLOYEE: deleted}
    events = stacked(who | {"moment": m, "event": np.full(len(m), event)} for event, m in moments.items())
    since = end_of(day) - days * DAY
    events = rows(events, (events["moment"] >= since) & (events["moment"] < end_of(day)))
    if height(events) == 0:
        return None
    cells: dict[str, Cell] = {
        "ChangeType": pick(EVENTS, events["event"]),
        "ExternalUserID": external_id(events["person"]),
        "UserID": pick(GUIDES, events["guide"]),
        "CreateTime": unix(events["moment"]),
    }
    return csv_bytes(headers.WECOM_EVENT, cells, height(events))


def group_list(brand: Brand, day: date) -> bytes:
    """The group of each guide: the guide, and the customers who have not left."""
    guides = np.arange(len(GUIDES))
    opened = np.full(len(GUIDES), seconds(brand.calendar.first_day))
    staff = {"person": guides, "guide": guides, "added_at": opened, "is_staff": guides >= 0}
    contacts = contacts_as_of(brand, end_of(day))
    contacts = rows(contacts, contacts["lost_at"] >= end_of(day))
    customers = {name: contacts[name] for name in ("person", "guide", "added_at")}
    members = stacked([staff, customers | {"is_staff": np.zeros(height(contacts), bool)}])
    person, is_staff = members["person"], members["is_staff"]
    cells: dict[str, Cell] = {
        "chat_id": pick(GROUPS, members["guide"]),
        "group_name": canaries.REMARKS[1],
        "owner": pick(GUIDES, members["guide"]),
        "userid": choose(is_staff, pick(GUIDES, members["guide"]), external_id(person)),
        "type": choose(is_staff, "1", "2"),
        "unionid": choose(is_staff | (person % 4 == 0), "", wechat_id(person)),
        "join_time": unix(members["added_at"]),
        "join_scene": choose(is_staff, "1", "3"),
        "name": pick(canaries.NAMES, person % 4),
        "export_time": f"{day} 23:59:59",
    }
    return csv_bytes(headers.WECOM_GROUP_MEMBER, cells, height(members))
