"""A page that tries every way out that we know of: to run a script, to load from elsewhere, to lead the reader away."""

OUT = "http://outside.example"

_CSS = (
    r"""
@import "{o}/i1.css"; @import url({o}/i2.css); @charset "x"; @namespace url({o}/ns);
@font-face {{ font-family: f; src: url({o}/f.woff), local("x"); }}
body {{ background: url({o}/c1.png); background-image: u\72l({o}/c2.png); cursor: url("{o}/c3.cur"), auto; }}
p {{ background: image-set("{o}/c4.png" 1x, url({o}/c5.png) 2x); behavior: url({o}/c6.htc); -moz-binding: url({o}/c7.xml#x);
  width: expression(alert(1)); list-style: url( '{o}/c8.png' ); content: attr(data-x); mask: -webkit-image-set(url({o}/c9.png) 1x); }}
@document url({o}) {{ p {{ color: red }} }} p:after {{ content: url({o}/c10.png) }} /* </style><script>alert(1)</script> */
q {{ x: url({o}/bad url " ; color: red }}
""".replace("{o}", OUT)
    .replace("{{", "{")
    .replace("}}", "}")
)

PAGE = f"""<!doctype html><html manifest="{OUT}/m" onload="alert(1)"><head><base href="{OUT}/base/" target="_top">
<meta http-equiv="refresh" content="0;url={OUT}/refresh"><meta http-equiv="Content-Security-Policy" content="default-src *">
<link rel="stylesheet" href="s.css"><link rel="preload" href="p.js" as="script"><link rel="icon" href="i.ico"><link rel="prefetch" href="x">
<link rel="dns-prefetch" href="//outside.example"><link rel="import" href="x.html"><script src="a.js"></script><script>alert(1)</script>
<style>{_CSS}</style><title>样例</title></head>
<body onload="alert(1)" background="b.png" style="background:url(b2.png)">
<p onclick="alert(1)" style="background:url('{OUT}/s1.png');behavior:url(x.htc)">第一段</p>
<a href="javascript:alert(1)">脚本</a><a href="next.html" target="_top" ping="{OUT}/ping">链接</a>
<a href="data:text/html,<script>1</script>">数据</a>
<img src="x.png" srcset="y.png 1x, z.png 2x" onerror="alert(1)" lowsrc="l.png" dynsrc="d.png" longdesc="q"><img src="javascript:alert(1)">
<img src="data:image/svg+xml;base64,PHN2Zy8+"><picture><source srcset="{OUT}/src.png"><img src="{OUT}/in.png"></picture>
<iframe src="{OUT}/f.html" srcdoc="<script>alert(1)</script>"></iframe><frameset><frame src="{OUT}/fr.html"></frameset>
<object data="o.swf"><param name="movie" value="m.swf"><p>对象内</p></object><embed src="e.swf"><p>嵌入之后</p><applet code="x"></applet>
<form action="{OUT}/form"><input type="image" src="i.png" formaction="{OUT}"><button formaction="{OUT}">按</button><p>表单内</p></form>
<svg><image href="{OUT}/v.png"/><use href="{OUT}/u.svg#a"/><script>alert(1)</script><foreignObject><p>图内</p></foreignObject></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math>
<video src="v.mp4" poster="po.png"><track src="t.vtt"></video><audio src="a.mp3"></audio><bgsound src="b.wav">
<marquee behavior="x">走</marquee>
<table background="t.png"><tr><td background="td.png">甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>
<template><img src="{OUT}/t.png"></template><noscript><img src="{OUT}/n.png"></noscript><portal src="{OUT}"></portal>
<p id="t0r0c0">假的单元格</p><x-custom onfocus="alert(1)" tabindex="0">自定元素</x-custom><dialog open>对话</dialog>
<div style="x:expression(alert(1));background:image('{OUT}/k.png')">末段</div></body></html>"""
