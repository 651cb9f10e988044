"""Host: the pages of the site that people look at. Each is a template filled with values."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
)  # fmt: skip
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from playground.authorization import USER_COOKIE, browser_account
from playground.bodies import cleaned, served
from playground.cdn import DIST, PACKAGES, missing_packages
from playground.confluence import here
from playground.connect import InstallFailed
from playground.descriptor import Descriptor, Module
from playground.site import Page, Space, User

VENDORED = {
    "connect-host.js": DIST,
    "jquery.min.js": PACKAGES / "jquery" / "dist",
}
THEME_COOKIE = "playground_theme"
NOWHERE = "'none'"

host = Blueprint("host", __name__)


@dataclass(frozen=True, slots=True)
class Action:
    """A menu item of an app."""

    app: Descriptor
    module: Module
    dialog: str  # JSON of the dialog's options; empty when it opens a page
    frame_key: str  # the module that is framed


@host.before_request
def log_in() -> None:
    account_id = browser_account()
    g.user = here().site.users[account_id] if account_id else here().first_user()


@host.after_request
def keep_company(response: Response) -> Response:
    """Remember the user, and let the page run nothing but the playground's own scripts."""
    if request.cookies.get(USER_COOKIE) != g.user.account_id:
        # Cookies know no port; the path keeps this one from other servers of localhost.
        response.set_cookie(
            USER_COOKIE, g.user.account_id, path="/wiki", httponly=True, samesite="Lax"
        )
    apps = " ".join(one.app.origin for one in here().connect.installed.values())
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {here().origin}/playground/; "
        f"style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
        f"img-src 'self' data: {apps}; frame-src {apps or NOWHERE}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@host.app_errorhandler(404)
def not_found(error: HTTPException) -> AnyResponse | HTTPException:
    # Services answer their own errors; only people get a page.
    if request.blueprint != "host" and request.url_rule is not None:
        return error
    if "user" not in g:
        log_in()
    text = "It was deleted, or you may not see it. Another user may: switch above."
    return keep_company(_page("message.html", 404, heading="Page not found", text=text))


@host.get("/")
def root() -> AnyResponse:
    return redirect("/wiki/")


@host.get("/wiki/")
@host.get("/wiki/home")
def home() -> AnyResponse:
    return _page("spaces.html")


@host.get("/wiki/login.action")
def login() -> AnyResponse:
    return _page("message.html", heading="Log in", text="Choose a user in the menu above.")


@host.get("/playground/vendor/<name>")
def vendored(name: str) -> Response:
    if name not in VENDORED:
        abort(404)
    return send_from_directory(VENDORED[name], name, max_age=3600)


@host.get("/wiki/spaces/<key>")
@host.get("/wiki/spaces/<key>/overview")
def space(key: str) -> AnyResponse:
    one = _space(key)
    return redirect("/wiki" + here().site.web_path(here().site.pages[one.homepage_id]))


@host.get("/wiki/spaces/<key>/pages/<page_id>", defaults={"slug": ""})
@host.get("/wiki/spaces/<key>/pages/<page_id>/<slug>")
@host.get("/wiki/spaces/<key>/folder/<page_id>", defaults={"slug": ""})
@host.get("/wiki/spaces/<key>/blog/<path:slug>/<page_id>/<title>")
def view(key: str, page_id: str, slug: str, title: str = "") -> AnyResponse:
    one, of = here().page(page_id, g.user.account_id), _space(key)
    if one is None or one.space_id != of.id:
        abort(404)
    body = cleaned(served(here().site, one, here().base_url, "view"))
    author = here().site.users.get(one.version.author_id)
    return _page(
        "page.html",
        space=of,
        page=one,
        body=body,
        author=author.display_name if author else "Unknown",
        trail=here().site.ancestors(one),
        actions=_actions(),
        children=_visible(here().site.children(one.id)),
    )


@host.get("/wiki/pages/viewpage.action")
def view_by_id() -> AnyResponse:
    one = here().page(request.args.get("pageId", ""), g.user.account_id)
    if one is None:
        abort(404)
    return redirect("/wiki" + here().site.web_path(one))


@host.get("/wiki/x/<tiny>")
def view_by_tiny(tiny: str) -> AnyResponse:
    for page_id in here().visible(g.user.account_id):
        one = here().site.pages[page_id]
        if one.tiny == tiny:
            return redirect("/wiki" + here().site.web_path(one))
    abort(404)


@host.get("/wiki/spaces/<key>/settings", defaults={"app_key": "", "module_key": ""})
@host.get("/wiki/spaces/<key>/settings/<app_key>/<module_key>")
def space_settings(key: str, app_key: str, module_key: str) -> AnyResponse:
    of = _space(key)
    tabs = [
        (one.app, module)
        for one in here().connect.installed.values()
        for module in one.app.of_kind("spaceToolsTabs")
    ]
    shown = next((tab for tab in tabs if (tab[0].key, tab[1].key) == (app_key, module_key)), None)
    if app_key and shown is None:
        abort(404)
    admin = here().site.administers(g.user.account_id, of)
    return _page("settings.html", space=of, tabs=tabs, shown=shown, admin=admin)


@host.get("/wiki/plugins/servlet/ac/<app_key>/<module_key>")
def app_page(app_key: str, module_key: str) -> AnyResponse:
    installation = here().connect.installed.get(app_key)
    module = installation.app.module(module_key) if installation else None
    if installation is None or module is None:
        abort(404)
    return _page("app_page.html", app=installation.app, module=module)


@host.get("/wiki/manage-apps")
def manage_apps() -> AnyResponse:
    return _page("apps.html", problem="", done=request.args.get("done", ""), url="")


def of_this_origin(view: Callable[..., AnyResponse]) -> Callable[..., AnyResponse]:
    """Refuse forms that another site sends in the name of whoever looks at it."""

    @wraps(view)
    def guarded(**arguments: str) -> AnyResponse:
        if request.headers.get("Origin", here().origin) != here().origin:
            abort(403)
        return view(**arguments)

    return guarded


@host.post("/wiki/manage-apps/install")
@of_this_origin
def install() -> AnyResponse:
    _want_admin()
    url = request.form.get("url", "").strip()
    try:
        installation = here().install(url)
    except InstallFailed as error:
        return _page("apps.html", 400, problem=str(error), done="", url=url)
    return redirect(f"/wiki/manage-apps?done={installation.app.key}")


@host.post("/wiki/manage-apps/uninstall")
@of_this_origin
def uninstall() -> AnyResponse:
    _want_admin()
    app_key = request.form.get("key", "")
    if app_key not in here().connect.installed:
        abort(404)
    here().uninstall(app_key)
    return redirect("/wiki/manage-apps")


@host.post("/wiki/switch-user")
@of_this_origin
def switch_user() -> AnyResponse:
    account_id = request.form.get("account", "")
    if account_id not in here().site.users:
        abort(404)
    g.user = here().site.users[account_id]
    back = request.form.get("back", "/wiki/")
    return redirect(back if back.startswith("/wiki/") else "/wiki/", code=303)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    theme = request.cookies.get(THEME_COOKIE, "light")
    text = render_template(
        template,
        confluence=here(),
        user=g.user,
        theme=theme if theme in ("light", "dark") else "light",
        warning=missing_packages(),
        tree=_tree,
        **values,
    )
    return make_response(text, status)


def _tree(space: Space) -> list[tuple[Page, list[Any]]]:
    """Nest the pages of a space that the user sees: each with those below it."""

    def nested(pages: tuple[Page, ...]) -> list[tuple[Page, list[Any]]]:
        return [(page, nested(here().site.children(page.id))) for page in _visible(pages)]

    return nested(here().site.roots(space))


def _visible(pages: tuple[Page, ...]) -> list[Page]:
    seen = here().visible(g.user.account_id)
    return [page for page in pages if page.id in seen]


def _actions() -> list[Action]:
    """Give the items that apps add to a page's menu; a logged-in user meets all conditions."""
    return [
        _action(one.app, module)
        for one in here().connect.installed.values()
        for module in one.app.of_kind("webItems", "system.content.action")
    ]


def _action(app: Descriptor, module: Module) -> Action:
    kind, options = module.target.get("type", "page"), dict(module.dialog_options)
    if kind == "dialogmodule":
        dialog = app.module(str(options.get("key")))
        if dialog:
            return Action(app, module, json.dumps(dict(dialog.dialog_options)), dialog.key)
    opens_dialog = kind in ("dialog", "inlinedialog")
    return Action(app, module, json.dumps(options) if opens_dialog else "", module.key)


def _space(key: str) -> Space:
    space = here().site.space_by_key(key)
    if space is None:
        abort(404)
    return space


def _want_admin() -> None:
    user: User = g.user
    if not user.admin:
        abort(403)
