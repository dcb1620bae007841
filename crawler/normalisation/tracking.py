"""Query parameters that say where a reader came from, never which page it is."""

from __future__ import annotations

# Each name with the product that sets it, as that product's own documentation names it. Only names that one
# product owns are here: "ref", "src", "source", "cid", "from" or "share" pick the page on some sites.
TRACKING = {
    "fbclid": "Meta",
    "fb_action_ids": "Meta",
    "fb_action_types": "Meta",
    "fb_comment_id": "Meta",
    "igsh": "Instagram",
    "igshid": "Instagram",
    "gclid": "Google Ads",
    "gclsrc": "Google Ads",
    "gbraid": "Google Ads",
    "wbraid": "Google Ads",
    "gad_source": "Google Ads",
    "gad_campaignid": "Google Ads",
    "dclid": "Google Marketing Platform",
    "srsltid": "Google Merchant Center",
    "_ga": "Google Analytics",
    "_gl": "Google Analytics",
    "usqp": "Google AMP viewer",
    "amp_js_v": "Google AMP viewer",
    "amp_gsa": "Google AMP viewer",
    "msclkid": "Microsoft Advertising",
    "ocid": "Microsoft",
    "twclid": "X",
    "ref_src": "X",
    "ref_url": "X",
    "__twitter_impression": "X",
    "ttclid": "TikTok",
    "li_fat_id": "LinkedIn",
    "epik": "Pinterest",
    "sccid": "Snap",
    "rdt_cid": "Reddit",
    "yclid": "Yandex",
    "ysclid": "Yandex",
    "_openstat": "Openstat",
    "soc_src": "Yahoo",
    "soc_trk": "Yahoo",
    "guccounter": "Yahoo",
    "guce_referrer": "Yahoo",
    "guce_referrer_sig": "Yahoo",
    "mc_cid": "Mailchimp",
    "mc_eid": "Mailchimp",
    "mkt_tok": "Marketo",
    "_hsenc": "HubSpot",
    "_hsmi": "HubSpot",
    "__hssc": "HubSpot",
    "__hstc": "HubSpot",
    "__hsfp": "HubSpot",
    "hsctatracking": "HubSpot",
    "vero_id": "Vero",
    "vero_conv": "Vero",
    "oly_anon_id": "Omeda",
    "oly_enc_id": "Omeda",
    "_ke": "Klaviyo",
    "irclickid": "impact.com",
    "awc": "Awin",
    "s_cid": "Adobe Analytics",
    "s_kwcid": "Adobe Advertising",
    "ef_id": "Adobe Advertising",
    "wt_mc": "Mapp (Webtrekk)",
    "wt_zmc": "Mapp (Webtrekk)",
    "xtor": "Piano Analytics (AT Internet)",
    "dicbo": "Outbrain",
    "oborigurl": "Outbrain",
    "tblci": "Taboola",
    "wickedid": "Wicked Reports",
}

# Google Analytics; Matomo, today and by its old name; HubSpot.
_PREFIXES = ("utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_")
# Prefixes that other parameters share, so by full name: Piano and Comscore.
_SHARED_PREFIXES = {
    *(f"at_{name}" for name in ("medium", "campaign", "creation", "format", "link", "link_id")),
    *(f"ns_{name}" for name in ("campaign", "mchannel", "source", "linkname", "fee")),
}


def is_tracking(name: str) -> bool:
    """Whether a query parameter, by its name, only tells where the reader came from."""
    name = name.lower()
    return name in TRACKING or name in _SHARED_PREFIXES or name.startswith(_PREFIXES)
