import hooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'lib/**', 'browser/projects', 'node_modules', 'src/api/schema.d.ts'] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  hooks.configs.flat['recommended-latest'],
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': ['error', { object: 'Element', property: 'innerHTML' }],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'What previews write is text, never markup.' },
      ],
      eqeqeq: 'error',
      'react-hooks/incompatible-library': 'off', // virtual lists are used; no compiler is
    },
  },
  { files: ['**/*.test.ts', 'browser/**'], rules: { 'max-lines-per-function': 'off' } },
)
