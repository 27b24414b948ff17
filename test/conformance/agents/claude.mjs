// Claude Code: Anthropic Messages, by its environment.
export const claude = {
  name: 'claude', package: '@anthropic-ai/claude-code', command: 'claude', speaks: 'Anthropic',
  tools: (path, content) => [
    { name: 'Write', arguments: { file_path: path, content } },
    { name: 'Read', arguments: { file_path: path } },
  ],
  files: () => ({}),
  env: ({ url, key, model }) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }),
  args: ({ prompt }) => ['-p', prompt, '--allowedTools', 'Write,Read'],
};
