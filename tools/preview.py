"Render the pages that nbdev stages into _preview/, with nbconvert alone: close to the site, and quick to look at."
import html, re, shutil, sys, tempfile
from pathlib import Path
import nbformat, yaml
from pages import CITED, ROOT, cite_label, directives, read_bib, read_pages, shown, site_url, slug, stage, text, unquote

CSS = '''body{display:grid;grid-template-columns:15rem minmax(0,52rem);gap:2.5rem;font-family:system-ui,sans-serif;line-height:1.55;margin:1.5rem;color:#222}
nav{position:sticky;top:1rem;align-self:start;font-size:.9rem} nav a{display:block;text-decoration:none;padding:.1rem .4rem} nav b{display:block;margin-top:.8rem} a{color:#0b5c9e}
.here{background:#0173b222;border-radius:.3rem} pre{background:#8881;padding:.6rem;overflow-x:auto;border-radius:.3rem;font-size:.85rem} .out pre{background:none;border-left:2px solid #8884;border-radius:0}
img,svg{max-width:100%} table{border-collapse:collapse;font-size:.88rem} td,th{padding:.25rem .6rem;border-bottom:1px solid #8884} figure{margin:1rem 0} figcaption{font-size:.88rem;color:#555} .promise{font-style:italic}
:not(pre)>code{overflow-wrap:anywhere} main table{display:block;overflow-x:auto;max-width:100%} .out{overflow-x:auto} details summary{cursor:pointer;color:#666;font-size:.85rem}
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd} a{color:#6db3e8} figcaption{color:#aaa}} @media(max-width:60rem){body{display:block}}'''

def cited(md, state):
    "Markdown with its citations as author and year; what is cited is remembered"
    def name(key):
        state['cited'].add(key)
        return cite_label(state['bib'][key]) if key in state['bib'] else f'?{key}'
    def group(m): return '(' + re.sub(CITED, lambda k: name(k[1]), m[1]) + ')' if re.search(CITED, m[1]) else m[0]
    def one(m):
        who,_,year = name(m[1]).rpartition(' ')
        return f'{who} ({year}{", "+m[2] if m[2] else ""})'
    parts = re.split(r'(^(?:```+|~~~+).*?^(?:```+|~~~+)\s*$|`+[^`]+`+)', md, flags=re.M | re.S)
    parts[::2] = [re.sub(CITED+r'(?: \[([^\]]*)\])?', one, re.sub(r'\[([^\[\]]*)\](?![(\[{])', lambda m: m[0] if m.start() and re.search(CITED+r' $', m.string[:m.start()]) else group(m), o)) for o in parts[::2]]
    return ''.join(parts)

def works(state):
    "The list of what a page cites"
    have = sorted(((cite_label(state['bib'][k]), state['bib'][k]) for k in state['cited'] if k in state['bib']), key=lambda o: o[0])
    line = lambda w: html.escape(f"{' '.join(w['author'].replace(' and ', '; ').split())} ({w.get('year', 'n.d.')}). {w['title']}. {next((w[k] for k in ('journal', 'booktitle', 'institution', 'publisher', 'howpublished') if k in w), '')}.")
    return '<h2 id="references">References</h2><ul>' + ''.join(f'<li>{line(w)}</li>' for _,w in have) + '</ul>' if have else ''

def md_html(md, state):
    from nbconvert.filters import markdown2html
    md = cited(md, state)
    md = re.sub(r'(?<![\w@`])@((?:fig|tbl|eq|sec)-[\w-]+)', lambda m: f'[{state["numbers"].get(m[1], "?"+m[1])}](#{m[1]})', md)
    md = re.sub(r'^:::+.*$', '', re.sub(r'(\]\([^)]*\))\{[^}\n]*\}', r'\1', md), flags=re.M)
    h = markdown2html(md)
    h = re.sub(r'<h(\d)[^>]*>(.*?)(?:<a class="anchor-link".*?</a>)?</h\1>', lambda m: f'<h{m[1]} id="{slug(html.unescape(re.sub("<[^>]+>", "", m[2])))}">{m[2]}</h{m[1]}>', h, flags=re.S)
    return fix_links(h, state)

def fix_links(h, state):
    def fix(m):
        t = html.unescape(m[2])
        if t.startswith(state['url']): t = t[len(state['url']):].lstrip('/') or 'index.html'
        path,_,anchor = t.partition('#')
        path = state['by'].get(path, path)
        return f'{m[1]}"{html.escape(path + (f"#{anchor}" if anchor else ""))}"'
    return re.sub(r'(href=)"([^"]*)"', fix, h)

def output_html(o, d, state):
    data = o.get('data', {})
    alt = html.escape(unquote(d.get('fig-alt', '')), quote=True)
    for k in data:
        if k.startswith('image/') and 'svg' not in k: return f'<img alt="{alt}" src="data:{k};base64,{text(data[k]).strip()}">'
    for k,f in (('image/svg+xml', str), ('text/html', lambda s: fix_links(s, state)), ('text/markdown', lambda s: md_html(s, state))):
        if k in data: return f(text(data[k]))
    return '<pre>'+html.escape(text(o.get('text') or data.get('text/plain') or '\n'.join(o.get('traceback', []))))+'</pre>'

def code_html(c, page, state):
    src,d = text(c['source']),{k: v for k,v in directives(text(c['source'])).items()}
    if d.get('include') == 'false': return ''
    s = '' if d.get('echo') == 'false' or not shown(src) else '<pre class="code"><code>'+html.escape(shown(src))+'</code></pre>'
    if s and str(d.get('code-fold', page.meta.get('format', {}).get('html', {}).get('code-fold', page.meta.get('code-fold', 'false')))).lower() in ('true', 'show'): s = f'<details><summary>Code</summary>{s}</details>'
    outs = ''.join(output_html(o, d, state) for o in c.get('outputs', [])) if d.get('output') != 'false' else ''
    label,cap = unquote(d.get('label', '')),unquote(d.get('fig-cap') or d.get('tbl-cap') or '')
    if cap and outs: outs = f'<figure>{outs}<figcaption>{state["numbers"].get(label, "")} {fix_links(html.escape(cap), state)}</figcaption></figure>'
    return f'<div id="{label}">{s}<div class="out">{outs}</div></div>'

def number(page):
    "Figure and table numbers by label, in order of appearance"
    res,count = {},{}
    for c in page.cells:
        labels = [unquote(directives(text(c['source'])).get('label', ''))] if c['cell_type'] == 'code' else re.findall(r'\{#([\w-]+)', text(c['source']))
        for l in labels:
            if kind := dict(fig='Figure', tbl='Table', eq='Equation', sec='Section').get(l.split('-')[0]): count[kind] = count.get(kind, 0)+1; res[l] = f'{kind} {count[kind]}'
    return res

def nav(contents, titles, here):
    out = []
    for o in contents:
        if isinstance(o, dict): out.append(f"<b>{html.escape(o.get('section', ''))}</b>" + nav(o.get('contents', []), titles, here))
        elif o in titles: out.append(f'<a href="{titles[o][0]}"{" class=here" if o == here else ""}>{html.escape(str(titles[o][1]))}</a>')
    return ''.join(out)

def main():
    out = ROOT/'_preview'
    with tempfile.TemporaryDirectory() as t:
        staged = stage(ROOT, t)
        shutil.copy(staged/'nbdev.yml', ROOT/'nbs/nbdev.yml')
        pages = read_pages(staged)
        by = {str(p.path): p.html for p in pages}
        titles = {str(p.path): (p.html, p.meta.get('title', p.path.stem)) for p in pages}
        side = yaml.safe_load((ROOT/'_quarto.yml').read_text(encoding='utf-8'))['website']['sidebar']['contents']
        bib = ROOT/'nbs/references.bib'
        bib = read_bib(bib) if bib.is_file() else {}
        shutil.rmtree(out, ignore_errors=True)
        for p in pages:
            state = dict(url=site_url(ROOT), by=by, numbers=number(p), bib=bib, cited=set())
            body = ''.join(md_html(text(c['source']), state) if c['cell_type'] == 'markdown' else code_html(c, p, state) for c in p.cells) + works(state)
            title = html.escape(str(p.meta.get('title', p.path.stem)))
            head = f"<h1>{title}</h1><p class=promise>{html.escape(str(p.meta.get('description', '')))}</p>"
            f = out/p.html
            f.parent.mkdir(parents=True, exist_ok=True)
            f.write_text(f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><link rel="icon" href="favicon.svg">'
                         f'<style>{CSS}</style></head><body><nav>{nav(side, titles, str(p.path))}</nav><main>{head}{body}</main></body></html>', encoding='utf-8')
        for f in staged.rglob('*'):
            if f.is_file() and f.suffix not in ('.ipynb', '.yml'): (out/f.relative_to(staged)).parent.mkdir(parents=True, exist_ok=True); shutil.copy(f, out/f.relative_to(staged))
    print(f'{len(pages)} pages; open {(out/"index.html").relative_to(ROOT)}')

if __name__ == '__main__': sys.exit(main())
