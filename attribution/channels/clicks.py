"""Click ids: what advertising networks add to the addresses they link to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickId:
    """A parameter, who adds it, and the medium it means; ``""``: it says nothing about payment."""

    name: str
    source: str
    medium: str
    says: str


CLICK_IDS: tuple[ClickId, ...] = tuple(
    ClickId(name=name, source=source, medium=medium, says=says)
    for name, source, medium, says in (
        ("gclid", "google", "cpc", "Google Ads click"),
        ("gbraid", "google", "cpc", "Google Ads click from an app (iOS)"),
        ("wbraid", "google", "cpc", "Google Ads click to the web (iOS)"),
        ("gad_source", "google", "cpc", "Google Ads, source of the click"),
        ("dclid", "dv360", "display", "Google Display & Video 360 click"),
        ("msclkid", "bing", "cpc", "Microsoft Advertising click"),
        ("yclid", "yandex", "cpc", "Yandex Direct click"),
        ("qclid", "quora", "paid_social", "Quora Ads click"),
        ("ttclid", "tiktok", "paid_social", "TikTok Ads click"),
        ("twclid", "twitter", "paid_social", "X (Twitter) Ads click"),
        ("li_fat_id", "linkedin", "paid_social", "LinkedIn Ads click"),
        ("sccid", "snapchat", "paid_social", "Snapchat Ads click (ScCid)"),
        ("epik", "pinterest", "paid_social", "Pinterest Ads click"),
        ("rdt_cid", "reddit", "paid_social", "Reddit Ads click"),
        ("tblci", "taboola", "display", "Taboola click"),
        ("dicbo", "outbrain", "display", "Outbrain click"),
        ("oborigurl", "outbrain", "display", "Outbrain click, original address"),
        ("irclickid", "impact", "affiliate", "impact.com partner click"),
        ("awc", "awin", "affiliate", "Awin partner click"),
        ("cjevent", "cj", "affiliate", "CJ partner click"),
        ("af_siteid", "appsflyer", "affiliate", "AppsFlyer partner link"),
        ("_branch_match_id", "branch", "referral", "Branch link"),
        ("adjust_tracker", "adjust", "affiliate", "Adjust tracker link"),
        ("ranmid", "rakuten", "affiliate", "Rakuten partner click"),
        ("mc_eid", "mailchimp", "email", "Mailchimp recipient"),
        ("mc_cid", "mailchimp", "email", "Mailchimp campaign"),
        ("_hsenc", "hubspot", "email", "HubSpot e-mail"),
        ("vero_id", "vero", "email", "Vero e-mail"),
        ("fbclid", "facebook", "", "Meta adds it to every outgoing link, paid or not"),
        ("igshid", "instagram", "", "Instagram share, paid or not"),
    )
)

BY_NAME: dict[str, ClickId] = {each.name: each for each in CLICK_IDS}
