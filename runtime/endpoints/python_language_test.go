package endpoints_test

import (
	"testing"

	"previewd/runtime/endpoints"
)

// TestPythonLanguage holds what programs do with names and values before a path comes of them: p registers one. Python itself
// gives the same paths.
func TestPythonLanguage(t *testing.T) {
	const prelude = fastAPI + "app = FastAPI()\ndef p(path):\n  app.get(path)(lambda: 0)\n"
	for name, c := range map[string]struct{ source, want string }{
		"strings": {
			"s = '  /A-b/ '\np(s.strip().lower())\np('/' + 'x'.upper())\np('/a_b'.replace('_', '-').title())\n" +
				"p('/v1/x'.removeprefix('/v1'))\np('/y.py'.removesuffix('.py'))\np('/'.join(['', 'j', 'k']))\np('/' + 'm/n'.split('/')[1])\np('z/'.rstrip('/').rjust(1) if False else '/zz')",
			"GET /A-B\nGET /X\nGET /a-b/\nGET /j/k\nGET /n\nGET /x\nGET /y\nGET /zz",
		},
		"formats": {
			"p('/%s/%d' % ('a', 1))\np('/%(x)s' % {'x': 'b'})\np('/{}/{}'.format('c', 2))\np('/{x}-{0}'.format('d', x='e'))\np(f'/{1 + 2}/{{id}}')\np('/100%%' % ())\np('/\\x41' if False else r'/raw')",
			"GET /100%\nGET /3/{id}\nGET /a/1\nGET /b\nGET /c/2\nGET /e-d\nGET /raw",
		},
		"look-ups in what is not known": {
			"from configparser import ConfigParser\nc = ConfigParser()\np(c.get('a', 'b', fallback='/f'))\ntry: from no_such_package import settings\nexcept ImportError: settings = {}\np(settings.get('ROOT', '/r'))\nif settings.get('DEBUG', False): p('/debug')",
			"GET /f\nGET /r",
		},
		"numbers": {
			"p(f'/{2 * 3}')\np(f'/{7 - 2}')\np(f'/{-1}')\np(f'/{len([1, 2])}')\np(f'/{len(\"abc\")}x')\nif 2 > 1 and not 3 <= 2 and 1 != 2: p('/gt')\nfor i in range(10, 12): p(f'/r{i}')\np(f'/{0x10}')\np(f'/{1.5}')\np(f'/{True}')",
			"GET /-1\nGET /1.5\nGET /16\nGET /2\nGET /3x\nGET /5\nGET /6\nGET /True\nGET /gt\nGET /r10\nGET /r11",
		},
		"dicts": {
			"d = {'a': '/a', **{'b': '/b'}}\nd['c'] = '/c'\nd.update({'d': '/d'}, e='/e')\nd |= dict(f='/f')\nfor v in d.values(): p(v)\nfor k in d: p('/k' + k)\nfor k in d.keys(): p('/q' + k)\np(d.get('z', '/z'))\np(d.pop('a') + d.setdefault('y', '/y'))\np(d.copy()['b'] + '/copy')\np({k: '/x' + v for k, v in d.items()}['b'])\nif 'b' in d: p('/in')\nif 'zz' not in d: p('/notin')",
			"GET /a\nGET /a/y\nGET /b\nGET /b/copy\nGET /c\nGET /d\nGET /e\nGET /f\nGET /in\nGET /ka\nGET /kb\nGET /kc\nGET /kd\nGET /ke\nGET /kf\nGET /notin\nGET /qa\nGET /qb\nGET /qc\nGET /qd\nGET /qe\nGET /qf\nGET /x/b\nGET /z",
		},
		"lists": {
			"l = ['/a']\nl.append('/b')\nl.insert(0, '/c')\nl.extend(('/d', '/e'))\nl += ['/f']\np(l[0] + l[-1])\nfor x in l[1:3] + [*('/g',)]: p(x)\nfor x in reversed(l[:1]): p('/rev' + x)\nfor a, b in zip(['/1', '/2'], ['x', 'y']): p(a + b)\nfor i, x in enumerate(sorted(['/n', '/m'])): p(f'{x}{i}')\np(list(map(lambda x: x + '/map', ['/p']))[0])\nfor x in set(['/s']) | set(): p(x)\nl[0] = '/new'\np(l[0])\np(l.copy().pop())\nfor x in (y for y in ('/gen',)): p(x)",
			"GET /1x\nGET /2y\nGET /a\nGET /b\nGET /c/f\nGET /f\nGET /g\nGET /gen\nGET /m0\nGET /n1\nGET /new\nGET /p/map\nGET /rev/c\nGET /s",
		},
		"classes": {
			"class A:\n  base = '/a'\n  def __init__(self, x='/x'): self.x = x\n  @property\n  def path(self): return self.base + self.x\n  @classmethod\n  def make(cls, x): return cls(x)\n  @staticmethod\n  def fixed(): return '/fixed'\n  def __call__(self): return '/called'\n  def __getattr__(self, name): return '/' + name\n" +
				"class B(A):\n  base = '/b'\n  def __init__(self):\n    super().__init__('/super')\n  @classmethod\n  def make(cls, x): return super().make(x)\n" +
				"p(A().path)\np(A.make('/m').path)\np(A.fixed())\np(A()())\np(A().unknown_one)\np(B().path)\np('/' + B.__name__)\np('/' + type(B()).__name__ + '2')\nA.late = '/late'\np(B.late)\no = A()\nsetattr(o, 'z', '/set')\np(o.z + getattr(o, 'q', ''))\nif hasattr(A, 'fixed') and isinstance(B(), A) and issubclass(B, A) and not isinstance('x', A): p('/is')",
			"GET /B\nGET /B2\nGET /a/m\nGET /a/x\nGET /b/super\nGET /called\nGET /fixed\nGET /is\nGET /late\nGET /set/q\nGET /unknown_one",
		},
		"functions": {
			"def f(a, b='/b', *rest, c='/c', **more): return a + b + c + ''.join(rest) + more.get('d', '')\np(f('/1'))\np(f('/2', '/x', '/r', c='', d='/d'))\np(f(*('/3', ''), **{'c': '/kw'}))\ng = lambda x, y='/y': x + y\np(g('/g'))\ndef gen():\n  yield '/y1'\n  yield from ['/y2']\nfor x in gen(): p(x)\ncount = ''\ndef bump():\n  global count\n  count = '/bumped'\nbump()\np(count)\ndef outer():\n  x = '/o'\n  def inner():\n    nonlocal x\n    x = x + '/n'\n  inner()\n  return x\np(outer())\nif (w := '/walrus'): p(w)\nfrom functools import partial\np(partial(f, '/part')(c='/pc'))\ndef early(x):\n  if x: return '/early'\n  return '/late'\np(early(1))\np(early(0))\ndef loop():\n  for x in ['/l1', '/l2', '/l3']:\n    if x == '/l1': continue\n    if x == '/l3': break\n    p(x)\n  else: p('/never')\nloop()",
			"GET /1/b/c\nGET /2/x/r/d\nGET /3/kw\nGET /bumped\nGET /early\nGET /g/y\nGET /l2\nGET /late\nGET /o/n\nGET /part/b/pc\nGET /walrus\nGET /y1\nGET /y2",
		},
		"conditions": {
			"p('/a' if 1 else '/b')\np('' or '/c')\np('/x' and '/d')\np(None or 0 or '/e')\nif None is None and 1 == 1 and 'a' != 'b': p('/f')\nif not [] and not {} and not '': p('/g')\nif False: p('/no')\nelif 0: p('/no')\nelse: p('/h')\ntry: raise ValueError('x')\nexcept ValueError: pass\nfinally: p('/i')\nassert True\nx = ['/j', '/k']\ndel x[0]\nwhile False: pass\nimport contextlib\n@contextlib.contextmanager\ndef cm():\n  yield '/l'\nwith cm() as v: p(v)",
			"GET /a\nGET /c\nGET /d\nGET /e\nGET /f\nGET /g\nGET /h\nGET /i\nGET /l",
		},
		"settings": {
			"import os\nfrom dataclasses import dataclass, field\nfrom pydantic import Field\nfrom pydantic_settings import BaseSettings\nfrom enum import Enum, auto, StrEnum\n@dataclass\nclass D:\n  a: str\n  b: str = '/b'\n  c: list = field(default_factory=lambda: ['/c'])\nd = D('/a')\np(d.a + d.b)\np(D(a='/q').a)\np(d.c[0] if False else '/c')\nclass S(BaseSettings):\n  one: str = '/one'\n  two: str = Field('/two', alias='x')\n  three: str = Field(default='/three')\n  four: str = Field(default_factory=lambda: '/four')\ns = S()\nfor x in (s.one, s.two, s.three, s.four): p(x)\nclass E(StrEnum):\n  X = auto()\n  Y = '/why'\np('/' + E.X)\np(E.Y.value)\np(E('/why2') if False else '/e2')\np(os.environ.get('NOT_SET_AT_ALL', '/env'))\np(os.getenv('NOT_SET_AT_ALL') or '/env2')\np(os.environ.get('NOT_SET_AT_ALL') and '/no' or '/env3')\np(os.path.join('/x', 'y'))\np('/' + os.path.splitext(os.path.basename('/q/w.py'))[0])",
			"GET /a/b\nGET /c\nGET /e2\nGET /env\nGET /env2\nGET /env3\nGET /four\nGET /one\nGET /q\nGET /three\nGET /two\nGET /w\nGET /why\nGET /x\nGET /x/y",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(extract(t, map[string]string{"main.py": prelude + c.source + "\n"}, endpoints.Options{}))
			if got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}
