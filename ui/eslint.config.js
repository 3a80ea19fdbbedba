import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const program = 'a state class asks the program: what is shown only reads what the class holds';
const everyIcon = {
  name: '@lucide/svelte',
  message:
    'Two thousand icons, which each file of tests compiles: import the one from @lucide/svelte/icons/….',
};
const tauri = { group: ['@tauri-apps/*'], message: 'only src/lib/host speaks to the shell' };

const aHost = {
  selector: 'TSAsExpression[typeAnnotation.typeName.name="Host"]',
  message: 'no program by assertion: fakeHost() of src/lib/host/fake has its types',
};
const blind = ['TSUnknownKeyword', 'TSNeverKeyword'].map((type) => ({
  selector: `TSAsExpression[typeAnnotation.type="${type}"]`,
  message: 'what is asserted here is not checked against Rust',
}));

/** Two rows with the same key throw, and everything that was to be drawn with them is lost. */
const repeats = {
  selector:
    'SvelteEachBlock > :matches(MemberExpression.key[property.name!="id"], CallExpression.key, TemplateLiteral.key)',
  message: 'a text may come twice: an each is keyed by an id or by its place',
};

const greenwich = {
  selector: 'CallExpression > MemberExpression.callee[property.name="toISOString"]',
  message: 'what a person reads is of this computer’s day: src/lib/local-date',
};

/** Whoever has only a keyboard never meets what is disabled. While something is under way it says so itself. */
const why = 'what cannot be used says why: {@attach because(reason)} of src/lib/tip';
const UNDER_WAY = '/^(busy|locates)$/';
const unsaid = [
  'SvelteShorthandAttribute[key.name="disabled"]',
  'SvelteAttribute[key.name="disabled"][value.length=0]',
  'SvelteAttribute[key.name="disabled"] :matches(UnaryExpression, BinaryExpression, ConditionalExpression, CallExpression, Literal, SvelteLiteral)',
  `SvelteAttribute[key.name="disabled"] :matches(SvelteMustacheTag, LogicalExpression) > Identifier[name!=${UNDER_WAY}]`,
  `SvelteAttribute[key.name="disabled"] :matches(SvelteMustacheTag, LogicalExpression) > MemberExpression[property.name!=${UNDER_WAY}]`,
].map((selector) => ({ selector, message: why }));

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/lib/paraglide/', 'src/lib/host/generated/'] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  {
    rules: {
      'no-restricted-imports': ['error', { patterns: [tauri], paths: [everyIcon] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Maps here are plain indexes behind one reactive list: making each entry reactive would cost more than it gives.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-at-html-tags': 'error',
    },
  },
  { files: ['src/lib/host/**'], rules: { 'no-restricted-imports': 'off' } },
  // What stands in for the program must have its types: then whatever changes in Rust is an error here.
  {
    files: ['src/**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', aHost] },
  },
  {
    files: ['src/lib/host/{mock,fake}*.ts'],
    rules: { 'no-restricted-syntax': ['error', aHost, ...blind] },
  },
  {
    files: ['src/App.svelte', 'src/components/**', 'src/views/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression > MemberExpression.callee[property.name=/^(ask|stream)$/]',
          message: program,
        },
        repeats,
        greenwich,
        ...unsaid,
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/lib/host/*'], allowTypeImports: true, message: program }] },
      ],
    },
  },
);
