// A tiny site with sound and unsound pages, to try the harness on.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

const page = (lang, body, style = "") => `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>${lang === "ko" ? "시험" : "Trial"}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">${style}</head>
<body><main><h1>${lang === "ko" ? "무엇을 도와드릴까요?" : "How can we help?"}</h1>${body}</main></body></html>`;

const sound = `<form action="/sent" method="get">
  <p><label>이름 <input name="name" autocomplete="name"></label></p>
  <fieldset><legend>분야</legend>
  <p><label><input type="radio" name="kind" value="a"> 도로</label> <label><input type="radio" name="kind" value="b"> 공원</label></p></fieldset>
  <p><button>보내기</button> <a href="/long">긴 글</a></p></form>`;

const pages = {
  "/": (lang) => page(lang, sound),
  "/sent": (lang) => page(lang, "<p>받았어요.</p>"),
  "/long": (lang) => page(lang, "<p>아주 긴 글이에요.</p>".repeat(400)),
  "/no-label": (lang) => page(lang, "<input name=x>"),
  "/hidden-question": (lang) => page(lang, sound, "<style>legend{width:1px;height:1px;overflow:hidden;position:absolute}</style>"),
  "/wide": (lang) => page(lang, "<p style='width:3000px'>넓어요</p>"),
  "/no-ring": (lang) => page(lang, sound, "<style>*:focus,*:focus-visible{outline:none!important;box-shadow:none!important;border:0!important}</style>"),
  "/mouse-only": (lang) => page(lang, sound + "<button tabindex=-1>x</button><div style='height:1px'></div>" + "<button id=trap>갇힘</button>", "<script src='/trap.js' defer></script>"),
  "/throws": (lang) => page(lang, "", "<script src='/throws.js'></script>"),
  "/jumps": (lang) => page(lang, "<p>먼저 보이는 글</p>".repeat(10), "<script src='/jumps.js' defer></script>"),
  "/elsewhere": (lang) => page(lang, "<img alt='' src='http://127.0.0.2:9/pixel.png'>"),
  "/noscript": (lang) => page(lang, "<noscript><p>스크립트 없이도 돼요.</p></noscript>"),
};
const files = {
  "/style.css": ["text/css", "body{font:18px/1.6 sans-serif;color:#111;background:#fff;margin:1rem} :focus-visible{outline:3px solid #0b50d0}"],
  "/trap.js": ["text/javascript", "document.getElementById('trap').addEventListener('keydown', (e) => { if (e.key === 'Tab') e.preventDefault(); });"],
  "/throws.js": ["text/javascript", "throw new Error('broken on purpose');"],
  "/jumps.js": ["text/javascript", "setTimeout(() => document.querySelector('h1').style.marginTop = '300px', 200);"],
};

/** Starts the site on a free loopback port. */
export async function site() {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://site");
    const lang = url.searchParams.get("lang") ?? "ko";
    if (url.pathname === "/fault") return response.writeHead(500, { "content-type": "text/html" }).end(page(lang, "<p>고장</p>"));
    if (url.pathname === "/favicon.ico") return response.writeHead(204).end();
    const [type, body] = files[url.pathname] ?? ["text/html; charset=utf-8", pages[url.pathname]?.(lang)];
    const status = body === undefined ? 404 : 200;
    const csp = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' http://127.0.0.2:9";
    response.writeHead(status, { "content-type": type, "content-encoding": "gzip", "content-security-policy": csp });
    response.end(gzipSync(body ?? page(lang, "<p>없어요</p>")));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) };
}
