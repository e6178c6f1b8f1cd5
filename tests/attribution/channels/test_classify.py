"""Channels from evidence: a test per rule, per click id, and for what is no touch."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.channels import Evidence, classify, render_markdown
from attribution.channels.brands import BRANDS, called
from attribution.channels.clicks import CLICK_IDS
from attribution.channels.table import RULES

SITE = "https://shop.example/tents"


def of(url="", referrer="", channel="", **campaign):
    return classify(
        Evidence(page_url=url or SITE, referrer=referrer, channel=channel, campaign=campaign)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_decides_the_example_of_each_rule_by_that_rule(rule):
    assert rule.example, "a rule needs an example"
    tags = "&".join(f"{k}={v}" for k, v in rule.example.items() if k.startswith("utm_"))
    url = rule.example.get("url") or (f"{SITE}?{tags}" if tags else SITE)
    touch = of(url, referrer=rule.example.get("referrer", ""))
    assert (touch.rule, touch.channel) == (rule.id, rule.channel)


@pytest.mark.parametrize("click", CLICK_IDS, ids=lambda click: click.name)
def test_it_knows_who_adds_each_click_id(click):
    touch = of(f"{SITE}?{click.name}=abc123")
    assert (touch.click_id, touch.source) == (click.name, click.source)
    assert touch.channel not in ("Direct", "Unassigned")
    assert "abc123" not in repr(touch)


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("?ScCid=x", "Paid Social"),
        ("?GCLID=x", "Paid Search"),
        ("?fbclid=x", "Organic Social"),
        ("?fbclid=x&utm_source=facebook&utm_medium=paid", "Paid Social"),
        ("?utm_source=Google&utm_medium=CPC", "Paid Search"),
        ("?utm_source=google&utm_medium=cpc&utm_campaign=workshop", "Paid Search"),
        ("?utm_source=google&utm_medium=cpc&utm_campaign=eshop", "Paid Shopping"),
        ("?utm_source=tiktok&utm_medium=retargeting", "Paid Social"),
        ("?utm_medium=cpm&utm_source=x-network", "Display"),
        ("?mtm_source=newsletter&mtm_medium=email", "Email"),
        ("?pk_source=bing&pk_medium=cpc&pk_kwd=tent", "Paid Search"),
        ("?utm_source=partner&utm_medium=affiliate", "Affiliates"),
        ("?utm_source=ig&utm_medium=paid", "Paid Social"),
        ("?utm_source=chatgpt.com&utm_medium=ai-assistant", "AI Assistant"),
    ],
)
def test_it_reads_campaign_values_and_click_ids(url, channel):
    assert of(SITE + url).channel == channel


@pytest.mark.parametrize(
    ("referrer", "channel"),
    [
        ("https://www.google.co.uk/", "Organic Search"),
        ("https://duckduckgo.com/", "Organic Search"),
        ("android-app://com.google.android.googlequicksearchbox/", "Organic Search"),
        ("https://l.instagram.com/?u=x", "Organic Social"),
        ("https://t.co/abc", "Organic Social"),
        ("https://m.youtube.com/", "Organic Video"),
        ("https://www.perplexity.ai/search", "AI Assistant"),
        ("https://gemini.google.com/", "AI Assistant"),
        ("https://mail.google.com/mail/u/0/", "Email"),
        ("https://www.amazon.de/", "Organic Shopping"),
        ("https://blog.trailmag.example/", "Referral"),
    ],
)
def test_it_reads_the_referrer(referrer, channel):
    assert of(referrer=referrer).channel == channel


@pytest.mark.parametrize("host", ["checkout.example", "x.example", "line.example", "ok.example"])
def test_it_takes_a_common_word_for_no_brand(host):
    assert of(referrer=f"https://{host}/").channel == "Referral"


@pytest.mark.parametrize(
    "host",
    ["google.example", "facebook.de", "bing.shop", "otto.example", "amazon.evil.example"],
)
def test_it_takes_a_brands_word_under_another_ending_for_no_brand(host):
    assert of(referrer=f"https://{host}/").channel == "Referral"


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("https://www.google.com/", "google"),
        ("https://www.google.de/", "google"),
        ("https://google.com.br/", "google"),
        ("https://news.google.co.uk/", "google"),
        ("android-app://com.google.android.googlequicksearchbox/", "google"),
        ("https://m.facebook.com/", "facebook"),
        ("https://lm.facebook.com/l.php", "facebook"),
        ("https://t.co/abc", "twitter"),
        ("https://x.com/a/status/1", "twitter"),
        ("https://chat.openai.com/", "chatgpt"),
        ("https://gemini.google.com/app", "gemini"),
        ("https://mail.google.com/mail", "gmail"),
        ("https://WWW.Blog.Trailmag.example:8443/x", "blog.trailmag.example"),
        ("//user:secret@trailmag.example/", "trailmag.example"),
    ],
)
def test_it_names_the_source_after_the_brand(referrer, source):
    assert of(referrer=referrer).source == source


def test_it_names_a_tagged_host_after_its_brand_and_leaves_a_senders_word():
    assert of(f"{SITE}?utm_source=chatgpt.com").source == "chatgpt"
    assert of(f"{SITE}?utm_source=fb&utm_medium=paid").source == "fb"


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.name)
def test_it_finds_each_brand_at_each_of_its_places(brand):
    for place in brand.places:
        host = place.replace(".*", ".co.uk")
        assert called(host) is brand
        assert "." not in host or called(f"sub.{host}") is brand


def test_it_gives_each_place_to_one_brand():
    places = [place for brand in BRANDS for place in brand.places]
    assert len(places) == len(set(places))
    assert all(place == place.lower() for place in places)


@pytest.mark.parametrize(
    "referrer",
    ["https://blog-brand.example/", "https://shop.blog-brand.example/x", "https://pay.example/"],
)
def test_it_takes_another_of_the_advertisers_sites_for_no_referral(referrer):
    own = frozenset({"blog-brand.example", "pay.example"})
    evidence = Evidence(page_url=SITE, referrer=referrer, own_hosts=own)
    assert classify(evidence) is None
    assert classify(replace(evidence, own_hosts=frozenset())).channel == "Referral"
    tagged = replace(evidence, page_url=f"{SITE}?utm_source=news&utm_medium=email")
    assert classify(tagged).source == "news"


def test_it_takes_a_site_whose_name_ends_alike_for_another():
    evidence = Evidence(
        page_url=SITE, referrer="https://notpay.example/", own_hosts=frozenset({"pay.example"})
    )
    assert classify(evidence).channel == "Referral"


def test_it_reads_the_first_of_very_many_parameters():
    url = f"{SITE}?utm_source=google&utm_medium=cpc&" + "&".join(f"a{n}=1" for n in range(500))
    assert of(url).channel == "Paid Search"


@pytest.mark.parametrize(
    "referrer",
    [
        "https://shop.example/",
        "https://www.shop.example/basket",
        "https://checkout.stripe.com/x",
        "https://accounts.google.com/",
        "https://login.microsoftonline.com/",
    ],
)
def test_it_takes_no_link_within_the_site_and_no_payment_for_a_touch(referrer):
    assert of(referrer=referrer) is None


def test_it_takes_a_campaign_within_the_site_for_a_touch():
    assert (
        of(f"{SITE}?utm_source=newsletter&utm_medium=email", "https://shop.example/").channel
        == "Email"
    )


def test_it_lets_the_sender_decide():
    touch = of(channel="Television", source="spot-3")
    assert (touch.channel, touch.source, touch.rule) == ("Television", "spot-3", "given")


def test_it_puts_what_the_sender_read_before_the_address():
    touch = of(f"{SITE}?utm_source=a&utm_medium=email", source="google", medium="cpc", name="n")
    assert (touch.channel, touch.campaign) == ("Paid Search", "n")


@given(st.text(max_size=200), st.text(max_size=200), st.dictionaries(st.text(), st.text()))
def test_it_never_fails(url, referrer, campaign):
    classify(Evidence(page_url=url, referrer=referrer, campaign=campaign))


@pytest.mark.parametrize(
    "url", ["http://[", "x" * 100_000, "https://a.b/?" + "a=b&" * 30_000, "\x00"]
)
def test_it_survives_addresses_that_are_none(url):
    classify(Evidence(page_url=url, referrer=url))


def test_it_documents_every_rule_and_click_id():
    text = render_markdown()
    assert all(f"`{rule.id}`" in text and rule.says in text for rule in RULES)
    assert all(f"`{click.name}`" in text for click in CLICK_IDS)


def test_it_gives_each_rule_an_id_of_its_own():
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("value", ["a%00b", "%00", "a%0Ab", "%ED%A0%80"])
def test_it_keeps_only_what_the_log_can_hold(value):
    touch = of(f"{SITE}?utm_source={value}&utm_medium=email&utm_content={value}")
    assert touch.channel == "Email"
    assert (touch.source + touch.content).isprintable()


@given(st.text(max_size=50))
def test_it_gives_words_the_log_can_hold(text):
    touch = of(channel=text, source=text, content=text, term=text)
    words = (touch.channel, touch.source, touch.content, touch.term)
    assert all(word.isprintable() for word in words)


def test_it_never_keeps_a_mail_address():
    url = f"{SITE}?utm_source=crm&utm_medium=email&utm_content=jane.doe%40mail.example"
    assert "jane" not in repr(of(url))
    assert "jane" not in repr(of(medium="email", term="jane.doe@mail.example"))


@pytest.mark.parametrize("referrer", ["https://shop.example/a", "https://checkout.stripe.com/x"])
def test_it_takes_neither_the_site_nor_a_payment_for_the_source_of_a_tag(referrer):
    assert of(f"{SITE}?utm_campaign=spring", referrer).source == "(direct)"


@pytest.mark.parametrize(
    ("url", "referrer"),
    [
        ("https://a.github.io/", "https://b.github.io/"),
        ("https://a.myshopify.com/", "https://b.myshopify.com/"),
        ("https://10.0.0.1/", "https://99.7.0.1/"),
    ],
)
def test_it_takes_a_neighbour_on_a_shared_domain_for_another_site(url, referrer):
    assert of(url, referrer).channel == "Referral"


def test_it_says_that_an_assistant_sent_the_visit():
    assert of(referrer="https://chatgpt.com/").medium == "ai-assistant"
