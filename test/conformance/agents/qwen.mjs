// Qwen Code: OpenAI chat, by its environment.
export const qwen = {
  name: 'qwen', package: '@qwen-code/qwen-code', command: 'qwen', speaks: 'OpenAI chat',
  tools: (path, content) => [
    { name: 'write_file', arguments: { file_path: path, content } },
    { name: 'read_file', arguments: { file_path: path } },
  ],
  files: () => ({
    '.qwen/settings.json': {
      security: { auth: { selectedType: 'openai' } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
    },
  }),
  env: ({ url, key, model }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: model, QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' }),
  args: ({ prompt }) => ['--yolo', '-p', prompt],
};
