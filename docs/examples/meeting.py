"""Take the others' part in a joint review, over REST alone.

    lianshen serve --clock 2014-10-16T10:00+08:00
    python docs/examples/meeting.py http://127.0.0.1:8080 TOKEN --round 13 --agree CAD GREEN
    python docs/examples/meeting.py http://127.0.0.1:8080 TOKEN --now 2014-10-20T09:10+08:00
    python docs/examples/meeting.py http://127.0.0.1:8080 TOKEN --round 13 --sign

The first lets departments sign for the papers and agree, the second sets the clock of a server that
was started with `--clock`, the third signs the minutes for everybody who has not. The token is an
administrator's, who takes one for a reviewer of each department: what is said and signed is theirs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from drive import Api


def colleagues(api: Api, departments: list[str]) -> Iterator[tuple[str, Api]]:
    """Yield each department with the API as one of its reviewers."""
    users = api.get("/users?limit=200")["items"]
    for department in departments:
        role = {"role": "reviewer", "department": department}
        user = next(each for each in users if role in each["roles"])
        wanted = {"user": user["id"], "name": "joint review"}
        made = api.call("POST", "/tokens", wanted, repeatable=False)
        yield department, Api(api.server, made["token"])


def agree(api: Api, review: int, departments: list[str]) -> None:
    """Let departments sign for the papers, and agree."""
    where = f"/joint-reviews/{review}"
    for name, colleague in colleagues(api, departments):
        colleague.post(f"{where}/participants/{name}/receipt")
        colleague.post(f"{where}/opinions", {"department": name, "kind": "agree"})
        print(f"{name} agrees")


def sign(api: Api, review: int) -> None:
    """Sign the minutes for every department that has not."""
    where = f"/joint-reviews/{review}/minutes"
    for name, colleague in colleagues(api, api.get(where)["missing"]):
        colleague.post(f"{where}/sign", {"department": name})
        print(f"{name} signs")


def options() -> argparse.Namespace:
    """Return what was typed."""
    parser = argparse.ArgumentParser(description="Take the others' part in a joint review.")
    parser.add_argument("server", help="its address, such as http://127.0.0.1:8080")
    parser.add_argument("token", help="of an administrator")
    parser.add_argument("--round", type=int, help="the number at the end of its page's address")
    parser.add_argument("--now", help="sets the clock, of a server that was started with --clock")
    parser.add_argument("--agree", nargs="+", default=[], help="departments that agree")
    parser.add_argument("--sign", action="store_true", help="signs the minutes for all others")
    return parser.parse_args()


def main() -> None:
    """Do as was asked."""
    asked = options()
    api = Api(asked.server, asked.token)
    if asked.now:
        print(f"it is {api.post('/clock', {'now': asked.now})['now']}")
    agree(api, asked.round, asked.agree)
    if asked.sign:
        sign(api, asked.round)


if __name__ == "__main__":
    main()
