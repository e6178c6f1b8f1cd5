"""Who the sites are that people come from: a line per brand, its name first, then its hosts.

A host stands for itself and everything below it, and the longest that fits decides. ``name.*`` is
the brand under ``.com`` and under every country's ending (name.de, name.co.uk): only for those who
trade under them all. A host without dots is a bare word that campaigns use as their source. Whoever
is not in the table is a referral, however much its first word looks like a brand's.
"""

from functools import lru_cache
from typing import NamedTuple

from attribution.channels.hosts import registrable
from attribution.channels.sites import Site

WORLDWIDE = ".*"

TABLE: dict[Site, str] = {
    Site.SEARCH: """
        google google.* com.google.android.googlequicksearchbox google-play
        bing bing.com
        yahoo yahoo.*
        duckduckgo duckduckgo.com duck.com com.duckduckgo.mobile.android
        yandex yandex.* ya.ru
        baidu baidu.com
        ecosia ecosia.org
        qwant qwant.com
        startpage startpage.com
        naver naver.com
        seznam seznam.cz
        brave search.brave.com
        kagi kagi.com
        mojeek mojeek.com
        presearch presearch.com presearch.org
        ask ask.com
        aol aol.com aol.co.uk aol.de aol.fr
        dogpile dogpile.com
        lycos lycos.com lycos.de lycos.fr
        alltheweb alltheweb.com
        sogou sogou.com
        360-search so.com
    """,
    Site.SOCIAL: """
        facebook facebook.com fb.com fb.me fb.watch messenger.com com.facebook.katana fb messenger
        instagram instagram.com com.instagram.android ig
        twitter twitter.com x.com t.co com.twitter.android
        linkedin linkedin.com lnkd.in com.linkedin.android lnkd
        pinterest pinterest.* pin.it com.pinterest
        reddit reddit.com redd.it com.reddit.frontpage
        tiktok tiktok.com com.zhiliaoapp.musically
        snapchat snapchat.com com.snapchat.android
        threads threads.net threads.com
        mastodon mastodon.social mastodon.online mas.to
        bsky bsky.app bsky.social bluesky
        quora quora.com
        tumblr tumblr.com
        vk vk.com vk.ru
        odnoklassniki ok.ru
        weibo weibo.com weibo.cn
        whatsapp whatsapp.com wa.me com.whatsapp
        telegram telegram.org telegram.me t.me org.telegram.messenger
        discord discord.com discord.gg discordapp.com
        line line.me
        xing xing.com
        medium medium.com
        nextdoor nextdoor.* com.nextdoor
        meetup meetup.com
        flickr flickr.com
    """,
    Site.VIDEO: """
        youtube youtube.com youtu.be youtube-nocookie.com com.google.android.youtube
        vimeo vimeo.com
        twitch twitch.tv
        dailymotion dailymotion.com dai.ly
        netflix netflix.com
        hulu hulu.com
        disneyplus disneyplus.com
        wistia wistia.com wistia.net
        rumble rumble.com
    """,
    Site.SHOPPING: """
        amazon amazon.* amzn.to com.amazon.mshop.android.shopping
        ebay ebay.*
        google-shopping shopping.google.com
        etsy etsy.com
        walmart walmart.com walmart.ca walmart.com.mx
        alibaba alibaba.com
        aliexpress aliexpress.com aliexpress.ru aliexpress.us
        shopify shopify.com shop.app
        mercadolibre mercadolibre.* mercadolivre.com.br
        rakuten rakuten.com rakuten.co.jp rakuten.de rakuten.fr
        zalando zalando.*
        temu temu.com
        bol bol.com
        otto otto.de otto.nl
        idealo idealo.de idealo.at idealo.co.uk idealo.fr idealo.it idealo.es
        instagram-shopping igshopping
        shopping shopping.com
    """,
    Site.ASSISTANT: """
        chatgpt chatgpt.com chat.openai.com com.openai.chatgpt
        openai openai.com
        gemini gemini.google.com gemini.google bard.google.com com.google.android.apps.bard
        claude claude.ai com.anthropic.claude
        copilot copilot.microsoft.com copilot.com copilot.cloud.microsoft
        perplexity perplexity.ai ai.perplexity.app.android
        grok grok.com x.ai
        deepseek deepseek.com
        mistral mistral.ai
        meta-ai meta.ai
        poe poe.com
        you you.com
        phind phind.com
    """,
    Site.MAIL: """
        gmail mail.google.com gmail.com com.google.android.gm
        outlook outlook.com outlook.live.com outlook.office.com outlook.office365.com
        yahoo-mail mail.yahoo.com
        aol-mail mail.aol.com
        hotmail hotmail.com
        protonmail proton.me protonmail.com
        fastmail fastmail.com
        gmx gmx.net gmx.de gmx.at gmx.ch gmx.com
        web.de web.de
        mailchimp mailchimp.com list-manage.com
    """,
    Site.PAYMENT: """
        paypal paypal.* paypalobjects.com
        stripe stripe.com stripe.network
        klarna klarna.com
        adyen adyen.com
        mollie mollie.com
        sofort sofort.com
        giropay giropay.de
        paydirekt paydirekt.de
        ideal ideal.nl
        afterpay afterpay.com
        affirm affirm.com
        worldpay worldpay.com
        braintree braintreegateway.com
        checkout checkout.com
        authorize.net authorize.net
        google-pay pay.google.com
        amazon-pay pay.amazon.com payments.amazon.com
        shop-pay pay.shopify.com
    """,
    Site.SIGN_IN: """
        google-sign-in accounts.google.com
        microsoft-sign-in login.microsoftonline.com login.live.com
        apple-sign-in appleid.apple.com
    """,
}


class Brand(NamedTuple):
    """Somebody people come from; ``name`` is what reports call the source."""

    name: str
    site: Site
    places: tuple[str, ...]


def _brands() -> tuple[Brand, ...]:
    rows = [(site, line.split()) for site, text in TABLE.items() for line in text.splitlines()]
    return tuple(Brand(words[0], site, tuple(words[1:])) for site, words in rows if words)


BRANDS = _brands()
# A brand's own name is a bare word too; those of payment and sign-in are nobody's campaign source.
_BY_WORD = {
    word: brand
    for brand in reversed(BRANDS)
    for word in (brand.name, *brand.places)
    if "." not in word
}
_BY_HOST = {
    place: brand
    for brand in BRANDS
    for place in brand.places
    if "." in place and not place.endswith(WORLDWIDE)
}
_WORLDWIDE = {
    place.removesuffix(WORLDWIDE): brand
    for brand in BRANDS
    for place in brand.places
    if place.endswith(WORLDWIDE)
}


@lru_cache(maxsize=4_096)
def at_host(host: str) -> Brand | None:
    """Whose site ``host`` (lower case, or an app's package name) is, if anybody's we know."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        found = _BY_HOST.get(".".join(labels[start:]))
        if found is not None:
            return found
    name, _, ending = registrable(host).partition(".")
    country = ending.rpartition(".")[2]
    return _WORLDWIDE.get(name) if ending == "com" or len(country) == 2 else None


def called(source: str) -> Brand | None:
    """Whom a campaign's source names: a host, or a bare word such as ``google``."""
    return at_host(source.removeprefix("www.")) if "." in source else _BY_WORD.get(source)
