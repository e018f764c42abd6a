"The site as nbdev stages it, read back page by page: what README maker, preview and checks share."
import json, re, shutil, subprocess, sys
from configparser import ConfigParser
from dataclasses import dataclass, field
from pathlib import Path
import yaml

ROOT = Path(__file__).resolve().parent.parent
STAGE = '''
import warnings; warnings.filterwarnings('ignore')
import nbdev.doclinks
from nbdev.quarto import refresh_quarto_yml, proc_nbs
if __name__ == '__main__':
    refresh_quarto_yml(); nbdev.doclinks._build_modidx(); proc_nbs(n_workers=0, force=True)
'''

def config(root):
    "The settings of the project at `root`, as nbdev reads them"
    ini = ConfigParser(delimiters=['='])
    ini.read(Path(root)/'settings.ini', encoding='utf-8')
    return ini['DEFAULT']

def site_url(root):
    c = config(root)
    return c['doc_host'] + c['doc_baseurl']

def copy_project(root, dst):
    "Copy what belongs to the project, without environments, runs and caches"
    skip = shutil.ignore_patterns('.venv*', '.git', 'runs', '_proc', '_docs', '_preview', 'build', 'dist', '*.egg-info', '__pycache__', '.ipynb_checkpoints', '.hypothesis')
    return Path(shutil.copytree(root, dst, symlinks=True, ignore=skip, dirs_exist_ok=True))

class StageError(RuntimeError): "nbdev could not process a notebook for the site"

def stage(root, tmp, only=''):
    "Let nbdev process a copy of the project (or one notebook of it) for its site; returns the folder that Quarto would render"
    tmp = copy_project(root, Path(tmp))
    for p in (tmp/'nbs').rglob('*.ipynb'):
        if only and p.name != only: p.unlink()
    r = subprocess.run([sys.executable, '-c', STAGE], cwd=tmp, capture_output=True, text=True)
    if r.returncode:
        why = r.stderr[r.stderr.rfind('\nException: ')+1:].strip() if '\nException: ' in r.stderr else r.stderr.strip()[-600:]
        cause = re.findall(r'^(\w+(?:Error|Exception): .*)$', r.stderr, re.M)
        raise StageError(f"nbdev cannot process a notebook for the site (it runs import cells and exported cells in a fresh namespace): {' / '.join(why.splitlines()[:3])}" + (f' ({cause[0]})' if cause else ''))
    return tmp/'_proc'

def html_name(path):
    "The page that nbdev makes from a notebook"
    return str(path.with_name(re.sub(r'^\d+[a-zA-Z0-9]*_', '', path.name.lower())).with_suffix('.html'))

def directives(src):
    "Quarto's directives at the top of a cell: `#| name: value`"
    return {m[1]: m[2].strip() for m in re.finditer(r'^#\|\s*([\w-]+):\s*(.*)$', src, re.M)}

def unquote(s):
    try: v = yaml.safe_load(s)
    except yaml.YAMLError: v = s
    return '' if v is None else str(v)

def shown(src): return '\n'.join(l for l in src.splitlines() if not l.startswith('#|')).strip()

def text(o):
    "A field of a notebook: a string, or a list of lines"
    return o if isinstance(o, str) else ''.join(o or [])

def slug(title):
    "The anchor that Pandoc gives a heading"
    title = re.sub(r'\{[^}]*\}\s*$', '', title)
    title = re.sub(r'!?\[([^\]]*)\]\([^)]*\)', r'\1', title).replace('`', '').replace('*', '')
    title = re.sub(r'\s+', '-', re.sub(r'[^\w\s.-]', '', title.lower()).strip())
    return re.sub(r'^[^a-z]+', '', title) or 'section'

def prose(md):
    "Markdown without code, which holds no links and no headings"
    md = re.sub(r'^(```+|~~~+).*?^\1\s*$', '', md, flags=re.M | re.S)
    return re.sub(r'(`+)[^`]+\1(?!\{)', lambda m: m[0].replace('[', '(').replace('@', ' '), md)

CITED = r'(?<![\w@\\/.])-?@(?!(?:fig|tbl|eq|sec|lst)-)([A-Za-z][\w:-]*\w)'

def read_bib(path):
    "Works of a BibTeX file by key: a dict of their fields each, lower case"
    res = {}
    for m in re.finditer(r'^@(\w+)\{([^,\s]+),\n(.*?)^\}', Path(path).read_text(encoding='utf-8'), re.M | re.S):
        if m[2] in res: raise ValueError(f'{Path(path).name}: {m[2]} is there twice')
        fields = {f[1].lower(): re.sub(r"[{}]|\\'", '', f[2]) for f in re.finditer(r'^\s*(\w+)\s*=\s*\{(.*)\},?\s*$', m[3], re.M)}
        if gone := {'author', 'title'} - set(fields): raise ValueError(f"{Path(path).name}: {m[2]} has no {' and no '.join(sorted(gone))}")
        res[m[2]] = fields
    return res

def cite_label(work):
    "Author and year, as a citation names a work"
    names = [a.split(',')[0].strip() for a in work['author'].split(' and ')]
    return f"{names[0] if len(names) == 1 else f'{names[0]} and {names[1]}' if len(names) == 2 else f'{names[0]} et al.'} {work.get('year', 'n.d.')}"

@dataclass
class Page:
    "One staged notebook"
    path: Path                                   # Inside the staging folder
    meta: dict = field(default_factory=dict)     # Front matter
    cells: list = field(default_factory=list)

    @property
    def html(self): return str(self.path.parent/self.meta.get('output-file', self.path.with_suffix('.html').name)).removeprefix('./')

    def markdown(self):
        "All that Pandoc reads as markdown on this page: cells and markdown outputs"
        for i,c in enumerate(self.cells):
            if c['cell_type'] == 'markdown': yield i,text(c['source'])
            for o in c.get('outputs', []):
                if 'text/markdown' in o.get('data', {}): yield i,text(o['data']['text/markdown'])

    def headings(self):
        "Heading texts with their levels"
        for i,md in self.markdown():
            for m in re.finditer(r'^(#{1,6})\s+(.+?)\s*$', re.sub(r'^(```+|~~~+).*?^\1\s*$', '', md, flags=re.M | re.S), re.M): yield len(m[1]),m[2]

    def anchors(self):
        "Every id that a link can point to"
        seen,res = {},set()
        for _,h in self.headings():
            if m := re.search(r'\{[^}]*#([\w.:-]+)[^}]*\}\s*$', h): res.add(m[1]); continue
            s = slug(h)
            n = seen[s] = seen.get(s, -1) + 1
            res.add(f'{s}-{n}' if n else s)
        for c in self.cells:
            res |= {m[1] for m in re.finditer(r'\{[^}\n]*#([\w.:-]+)', text(c['source']))} if c['cell_type'] == 'markdown' else set()
            if c['cell_type'] == 'code' and 'label' in (d := directives(text(c['source']))): res.add(unquote(d['label']))
            for o in [dict(data={'text/html': c['source']})] if c['cell_type'] == 'markdown' else c.get('outputs', []):
                res |= {m[1] for m in re.finditer(r'''\sid=["']([^"']+)["']''', text(o.get('data', {}).get('text/html')))}
        return res

def read_page(stage, path):
    nb = json.loads(path.read_text(encoding='utf-8'))
    cells,meta = nb['cells'],{}
    if cells and cells[0]['cell_type'] == 'raw' and (m := re.match(r'---\n(.*?)\n---', text(cells[0]['source']).strip(), re.S)): meta,cells = yaml.safe_load(m[1]) or {},cells[1:]
    return Page(path.relative_to(stage), meta, cells)

def read_pages(stage):
    "All pages of a staging folder, in reading order"
    stage = Path(stage)
    return [read_page(stage, p) for p in sorted(stage.rglob('*.ipynb'), key=lambda p: (p.name != 'index.ipynb', str(p))) if not any(o.startswith(('.', '_')) for o in p.relative_to(stage).parts)]
