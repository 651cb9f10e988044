"""Shapes: pages, spaces, attachments and people as the REST API writes them. Pure.

Fields and their names are those of the OpenAPI files of Confluence Cloud, versions 1 and 2.
"""

import json
from typing import Any

from playground.bodies import served
from playground.site import Attachment, Group, Page, Site, Space, User, Version

EMPTY_ADF = '{"type": "doc", "version": 1, "content": []}'
Json = dict[str, Any]


def version(of: Version) -> Json:
    return {
        "number": of.number,
        "message": of.message,
        "minorEdit": of.is_minor,
        "authorId": of.author_id,
        "createdAt": of.created_at,
    }


def page_version(of: Version, one: Page) -> Json:
    """Write a row of the versions of a page, or of a blog post."""
    return version(of) | {one.type: {"id": one.id, "title": one.title}}


def page(one: Page, site: Site, base_url: str, body_format: str = "") -> Json:
    """Write a page, or a blog post: which has no place in a tree."""
    row: Json = {
        "id": one.id,
        "status": one.status,
        "title": one.title,
        "spaceId": one.space_id,
        "authorId": one.first.author_id,
        "createdAt": one.first.created_at,
        "version": version(one.version),
        "body": body(one, site, base_url, body_format) if body_format else {},
        "_links": {
            "webui": site.web_path(one),
            "editui": f"/pages/resumedraft.action?draftId={one.id}",
            "tinyui": f"/x/{one.tiny}",
        },
    }
    return row if one.type == "blogpost" else row | _place(one, site) | _owner(one)


def folder(one: Page, site: Site) -> Json:
    return {
        "id": one.id,
        "type": "folder",
        "status": one.status,
        "title": one.title,
        "spaceId": one.space_id,
        **_place(one, site),
        "authorId": one.first.author_id,
        "ownerId": _owner_id(one),
        "createdAt": one.first.created_at,
        "version": version(one.version),
        "_links": {"webui": site.web_path(one)},
    }


def body(one: Page, site: Site, base_url: str, body_format: str) -> Json:
    """Write a body; what the folder does not have is empty ADF, or the HTML of the export."""
    if body_format == "atlas_doc_format":
        path = one.bodies.get(body_format)
        value = path.read_text(encoding="utf-8") if path else EMPTY_ADF
        value = json.dumps(json.loads(value), ensure_ascii=False)
    else:
        value = served(site, one, base_url, body_format)
    return {body_format: {"representation": body_format, "value": value}}


def child(one: Page) -> Json:
    """Write a row of direct children."""
    return {
        "id": one.id,
        "status": one.status,
        "title": one.title,
        "type": one.type,
        "spaceId": one.space_id,
        "childPosition": one.position,
    }


def descendant(one: Page, depth: int) -> Json:
    return {
        "id": one.id,
        "status": one.status,
        "title": one.title,
        "type": one.type,
        "parentId": one.parent_id,
        "depth": depth,
        "childPosition": one.position,
    }


def space(one: Space, site: Site) -> Json:
    created = site.pages[one.homepage_id].version
    return {
        "id": one.id,
        "key": one.key,
        "name": one.name,
        "type": "global",
        "status": "current",
        "authorId": created.author_id,
        "spaceOwnerId": created.author_id,
        "currentActiveAlias": one.key,
        "createdAt": created.created_at,
        "homepageId": one.homepage_id,
        "_links": {"webui": f"/spaces/{one.key}"},
    }


def attachment(one: Attachment, site: Site) -> Json:
    owner = site.pages[one.page_id]
    download = f"/rest/api/content/{owner.id}/child/attachment/{one.id}/download"
    webui = f"/pages/viewpageattachments.action?pageId={owner.id}&preview=%2F{owner.id}"
    return {
        "id": one.id,
        "status": "current",
        "title": one.title,
        "createdAt": owner.version.created_at,
        "blogPostId" if owner.type == "blogpost" else "pageId": owner.id,
        "mediaType": one.media_type,
        "mediaTypeDescription": one.media_type,
        "comment": "",
        "fileId": one.media_id,
        "fileSize": one.path.stat().st_size,
        "webuiLink": webui,
        "downloadLink": download,
        "version": {**version(owner.version), "number": 1},
        "_links": {"webui": webui, "download": download},
    }


def label(name: str, number: int) -> Json:
    return {"id": str(number), "name": name, "prefix": "global"}


def operation(name: str, target: str) -> Json:
    return {"operation": name, "targetType": target}


def user(one: User) -> Json:
    """Write a person as version 2 does; the address is hidden, as most profiles hide it."""
    return {
        "accountId": one.account_id,
        "accountType": "atlassian",
        "accountStatus": "active",
        "displayName": one.display_name,
        "publicName": one.display_name,
        "email": "",
        "timeZone": one.time_zone,
        "personalSpaceId": "",
        "isExternalCollaborator": False,
        "profilePicture": {"path": "/wiki/aa-avatar/default", "isDefault": True},
    }


def user_v1(one: User, operations: list[Json] | None, base_url: str) -> Json:
    """Write a person as version 1 does; operations are given when they were asked for."""
    expandable = {"personalSpace": ""} if operations is not None else {"operations": ""}
    return {
        "type": "known",
        "accountId": one.account_id,
        "accountType": "atlassian",
        "email": "",
        "publicName": one.display_name,
        "displayName": one.display_name,
        "timeZone": one.time_zone,
        "isExternalCollaborator": False,
        "isGuest": False,
        "profilePicture": {
            "path": "/wiki/aa-avatar/default",
            "width": 48,
            "height": 48,
            "isDefault": True,
        },
        **({"operations": operations} if operations is not None else {}),
        "_expandable": expandable,
        "_links": {"self": f"{base_url}/rest/api/user?accountId={one.account_id}"},
    }


def group(one: Group, base_url: str) -> Json:
    return {
        "type": "group",
        "name": one.name,
        "id": one.id,
        "usageType": "USERBASE_GROUP",
        "managedBy": "ADMINS",
        "_links": {"self": f"{base_url}/rest/api/group/by-id?id={one.id}"},
    }


def search_result(
    one: Page, site: Site, base_url: str, title: str, excerpt: str, expand: frozenset[str]
) -> Json:
    """Write a row of a search; `title` and `excerpt` as the strategy of the search has them."""
    space = site.space_of(one)
    return {
        "content": _content(one, site, base_url, expand),
        "title": title,
        "excerpt": excerpt,
        "url": site.web_path(one),
        "resultGlobalContainer": {"title": space.name, "displayUrl": f"/spaces/{space.key}"},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": f"aui-icon content-type-{one.type}",
        "lastModified": one.version.created_at,
        "friendlyLastModified": one.version.created_at[:10],
        "score": 0.0,
    }


def _content(one: Page, site: Site, base_url: str, expand: frozenset[str]) -> Json:
    """Write content as version 1 does: what is not asked for stands in `_expandable`."""
    by = _person(one.version.author_id, site, base_url)
    history = {"latest": True, "createdDate": one.first.created_at}
    people = (
        ("createdBy", "history", one.first.author_id),
        ("ownedBy", "history.ownedBy", _owner_id(one)),
    )
    parts = {
        "history": history
        | {
            name: person
            for name, path, account_id in people
            if _is_expanded(f"content.{path}", expand)
            and (person := _person(account_id, site, base_url))
        },
        "version": {
            "number": one.version.number,
            "when": one.version.created_at,
            "message": one.version.message,
            "minorEdit": one.version.is_minor,
            **({"by": by} if by else {}),
        },
        "metadata": _labels_v1(one) if _is_expanded("content.metadata.labels", expand) else {},
        "space": _space_v1(site.space_of(one)),
    }
    asked = {name for name in parts if _is_expanded(f"content.{name}", expand)}
    return {
        "id": one.id,
        "type": one.type,
        "status": "current",
        "title": one.title,
        **{name: parts[name] for name in parts if name in asked},
        "_expandable": {name: "" for name in parts if name not in asked},
        "_links": {
            "webui": site.web_path(one),
            "tinyui": f"/x/{one.tiny}",
            "self": f"{base_url}/rest/api/content/{one.id}",
        },
    }


def _person(account_id: str, site: Site, base_url: str) -> Json | None:
    known = site.users.get(account_id)
    return user_v1(known, None, base_url) if known else None


def _is_expanded(path: str, expand: frozenset[str]) -> bool:
    return any(f"{asked}.".startswith(f"{path}.") for asked in expand)


def _labels_v1(one: Page) -> Json:
    rows = [
        {**label(name, number), "label": name}
        for number, name in enumerate(one.labels, int(one.id))
    ]
    return {"labels": {"results": rows, "start": 0, "limit": 200, "size": len(rows)}}


def _space_v1(one: Space) -> Json:
    return {
        "id": int(one.id),
        "key": one.key,
        "name": one.name,
        "type": "global",
        "status": "current",
        "_expandable": {"homepage": f"/rest/api/content/{one.homepage_id}"},
        "_links": {"webui": f"/spaces/{one.key}"},
    }


def _place(one: Page, site: Site) -> Json:
    parent = site.pages[one.parent_id] if one.parent_id else None
    return {
        "parentId": one.parent_id,
        "parentType": parent.type if parent else None,
        "position": one.position,
    }


def _owner(one: Page) -> Json:
    return {"ownerId": _owner_id(one), "lastOwnerId": None}


def _owner_id(one: Page) -> str:
    return one.owner_id or one.first.author_id
