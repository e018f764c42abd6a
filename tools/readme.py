"Write README.md from nbs/index.ipynb, without Quarto. `--check` only says whether it would change."
import re, sys, tempfile
from pathlib import Path
import nbformat
from pages import ROOT, config, directives, html_name, read_page, shown, site_url, stage, text, unquote

FILES = 'index_files' # Pictures of the README stand here, as nbdev has it

def to_files(md, nbs, url):
    "Links to pages of the site, or to notebooks, become links to the notebooks' files"
    by_html = {html_name(p.relative_to(nbs)): p.relative_to(nbs) for p in nbs.rglob('*.ipynb')}
    def fix(m):
        target = m[2].split('#')[0]
        if target.startswith(url) and (nbs/target[len(url):].lstrip('/')).is_file(): return m[0]
        if target.startswith(url): target = by_html.get(target[len(url):].lstrip('/') or 'index.html')
        elif not target.endswith('.ipynb'): return m[0]
        return f'{m[1]}(nbs/{target})' if target else m[0]
    return re.sub(r'(\[[^\]]*\])\(([^)\s]+)\)', fix, md)

def picture(md, page):
    "Give each picture its alt text and caption"
    def fix(m):
        d = directives(text(page.cells[int(m[2])]['source']))
        cap = unquote(d.get('fig-cap', ''))
        return f"![{unquote(d.get('fig-alt', 'figure'))}]({FILES}/figure-{m[2]}-{m[3]})" + (f'\n\n*{cap}*' if cap else '')
    return re.sub(rf'!\[(\w+)\]\({FILES}/figure-(\d+)-([^)]+)\)', fix, md)

def make(staged, root=ROOT):
    "README's text and its pictures, from the staged site"
    from nbconvert import MarkdownExporter
    from traitlets.config import Config
    page = read_page(staged, staged/config(root).get('readme_nb', 'index.ipynb'))
    nb = nbformat.v4.new_notebook(metadata=dict(language_info=dict(name='python')))
    for c in page.cells:
        src,d = text(c['source']),directives(text(c['source'])) if c['cell_type'] == 'code' else {}
        if src.startswith('<!-- WARNING'): src = ''
        if c['cell_type'] != 'code': nb.cells.append(nbformat.v4.new_markdown_cell(src)); continue
        if d.get('include') == 'false': src,outs = '',[]
        else: outs = [] if d.get('output') == 'false' else [nbformat.from_dict(o) for o in c.get('outputs', [])]
        nb.cells.append(nbformat.v4.new_code_cell('' if d.get('echo') == 'false' else shown(src), outputs=outs))
    nb = nbformat.reads(nbformat.writes(nb), as_version=4)
    order = ['text/markdown', 'image/svg+xml', 'image/png', 'image/jpeg', 'text/plain']
    exp = MarkdownExporter(config=Config(NbConvertBase=dict(display_data_priority=order),
                                         ExtractOutputPreprocessor=dict(output_filename_template=FILES+'/figure-{cell_index}-{index}{extension}')))
    md,res = exp.from_notebook_node(nb)
    md = re.sub(r'^```python\n\s*```\n', '', md, flags=re.M)
    md = to_files(picture(md, page), root/'nbs', site_url(root))
    head = f"# {page.meta['title']}\n\n<!-- Made from nbs/index.ipynb by `make readme`: edit that. -->\n\n" + (f"> {page.meta['description']}\n\n" if 'description' in page.meta else '')
    md = head + re.sub(r'\n{3,}', '\n\n', md).strip() + '\n'
    return '\n'.join(l.rstrip() for l in md.splitlines()) + '\n', {k: v for k,v in res.get('outputs', {}).items()}

def differs(staged, root=ROOT):
    "What would change"
    md,files = make(staged, root)
    have = {f'{FILES}/{p.name}': p.read_bytes() for p in (root/FILES).glob('*')}
    if not (root/'README.md').exists() or (root/'README.md').read_text(encoding='utf-8') != md: yield 'README.md is not what nbs/index.ipynb gives; run make readme'
    for k in sorted(set(have) | set(files)):
        if have.get(k) != files.get(k): yield f'{k} is not what nbs/index.ipynb gives; run make readme'

def main():
    with tempfile.TemporaryDirectory() as t:
        staged = stage(ROOT, t, only=config(ROOT).get('readme_nb', 'index.ipynb'))
        if '--check' in sys.argv: return [print(o) for o in differs(staged)]
        md,files = make(staged)
        (ROOT/'README.md').write_text(md, encoding='utf-8')
        for p in (ROOT/FILES).glob('*'): p.unlink()
        for k,v in files.items(): (ROOT/k).parent.mkdir(exist_ok=True); (ROOT/k).write_bytes(v)

if __name__ == '__main__': sys.exit(bool(main()))
