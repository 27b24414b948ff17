// OpenCode: any of three dialects, by the provider package its configuration names.
const flavours = {
  'OpenAI chat': { npm: '@ai-sdk/openai-compatible', base: '/v1' },
  'OpenAI Responses': { npm: '@ai-sdk/openai', base: '/v1' },
  Anthropic: { npm: '@ai-sdk/anthropic', base: '/v1' },
};

export const opencode = Object.entries(flavours).map(([speaks, { npm, base }]) => ({
  name: 'opencode', package: 'opencode-ai', command: 'opencode', speaks,
  tools: (path, content) => [
    { name: 'write', arguments: { filePath: path, content } },
    { name: 'read', arguments: { filePath: path } },
  ],
  files: ({ url, model }) => ({
    '.config/opencode/opencode.json': {
      $schema: 'https://opencode.ai/config.json',
      autoupdate: false,
      share: 'disabled',
      provider: {
        dragoman: {
          npm,
          name: 'Dragoman',
          options: { baseURL: `${url}${base}`, apiKey: '{env:DRAGOMAN_API_KEY}' },
          models: { [model]: { name: model } },
        },
      },
    },
  }),
  env: ({ key }) => ({ DRAGOMAN_API_KEY: key, OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' }),
  args: ({ model, prompt }) => ['run', '--model', `dragoman/${model}`, prompt],
}));
