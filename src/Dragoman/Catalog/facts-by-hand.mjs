// Facts that no source of the catalog tells, written down by hand with where they come from.

// Names people use that the provider does not know, by our provider and model id.
export const friendlyNames = {
  "openai/gpt-4-turbo": ["gpt4-turbo"],
  "openai/gpt-4": ["gpt4"],
  "openai/gpt-4o": ["gpt4o"],
  "openai/gpt-3.5-turbo": ["gpt-35-turbo", "chatgpt"],
  "google/gemini-pro": ["gemini-1.0-pro"],
  "anthropic/claude-2.1": ["claude-2", "claude-2.0"],
  "ollama/tinyllama:1.1b": ["tiny-llama", "tiny-llama-1.1b"],
  "ollama/phi3:3.8b": ["phi-3", "phi-3-mini"],
  "ollama/phi3.5:3.8b": ["phi-3.5"],
  "ollama/phi4:14b": ["phi-4"],
  "ollama/llama2:13b": ["llama-2-13b"],
  "ollama/llama2:70b": ["llama-2-70b"],
  "ollama/llama3:8b": ["llama-3-8b", "llama-3"],
  "ollama/llama3:70b": ["llama-3-70b"],
  "ollama/llama3.1:8b": ["llama-3.1-8b", "llama-3.1"],
  "ollama/llama3.2:3b": ["llama-3.2-3b", "llama-3.2"],
  "ollama/codellama:13b": ["code-llama-13b"],
  "ollama/codellama:34b": ["code-llama-34b"],
  "ollama/gemma:7b": ["gemma-7b"],
  "ollama/gemma2:9b": ["gemma-2-9b"],
  "ollama/gemma3:4b": ["gemma-3-4b"],
  "ollama/mixtral:8x7b": ["mixtral-8x7b"],
  "ollama/all-mpnet-base-v2": ["all-mpnet", "mpnet"],
  "ollama/all-minilm:22m": ["minilm", "all-MiniLM-L6"],
  "ollama/nomic-embed-text:latest": ["nomic-embed"],
};

// Whom to ask where the vendor no longer answers for a model, by our provider and the retired id: the vendor's own recommendation
// where that is still served, else the next of the same line. Only models that are shut down stand here, never ones that will be.
export const replacements = {
  // developers.openai.com/api/docs/deprecations (seen 2026-11): shut down on 2026-10-23.
  "openai/gpt-3.5-turbo": "gpt-5.6-terra",
  "openai/gpt-4": "gpt-5.6-sol",
  "openai/gpt-4-turbo": "gpt-5.6-sol",
  "openai/gpt-4-1106-preview": "gpt-5.6-sol",
  "openai/gpt-4o-2024-05-13": "gpt-5.6-sol",
  "openai/gpt-4.1-nano": "gpt-5.6-luna",
  "openai/o1": "gpt-5.6-sol",
  "openai/o3-mini": "gpt-5.6-sol",
  "openai/o4-mini": "gpt-5.6-terra",
  // The same page, shut down in 2024, 2025 and until 2026-07-23; what was recommended then is gone too, so what replaced it stands here.
  "openai/gpt-4-32k": "gpt-5.6-sol",
  "openai/gpt-4-vision-preview": "gpt-5.6-sol",
  "openai/gpt-4-1106-vision-preview": "gpt-5.6-sol",
  "openai/gpt-4-0125-preview": "gpt-5.6-sol",
  "openai/gpt-4-turbo-preview": "gpt-5.6-sol",
  "openai/gpt-4.5-preview-2025-02-27": "gpt-5.6-sol",
  "openai/o1-preview": "gpt-5.6-sol",
  "openai/o1-mini": "gpt-5.6-terra",
  "openai/chatgpt-4o-latest": "gpt-5.6-sol",
  "openai/codex-mini-latest": "gpt-5.6-terra",
  "openai/gpt-3.5-turbo-0613": "gpt-5.6-terra",
  "openai/gpt-3.5-turbo-16k": "gpt-5.6-terra",
  "openai/gpt-3.5-turbo-1106": "gpt-5.6-terra",
  // platform.claude.com, model deprecations (seen 2026-11): retired 2025-07-21, 2025-10-28 and 2026-02-19.
  "anthropic/claude-2.1": "claude-sonnet-4-6",
  "anthropic/claude-3-5-sonnet-20240620": "claude-sonnet-4-6",
  "anthropic/claude-3-5-sonnet-20241022": "claude-sonnet-4-6",
  "anthropic/claude-3-7-sonnet-20250219": "claude-sonnet-4-6",
  "anthropic/claude-3-5-haiku-20241022": "claude-haiku-4-5-20251001",
  // ai.google.dev/gemini-api/docs/deprecations (seen 2026-11): shut down 2025-09, 2025-12-02, 2026-03-09 and 2026-06-01. Gemini 2.5,
  // which replaced some of them, ends on 2026-12-01 itself.
  "google/gemini-pro": "gemini-3.1-pro-preview",
  "google/gemini-1.5-pro": "gemini-3.1-pro-preview",
  "google/gemini-1.5-flash": "gemini-3.5-flash",
  "google/gemini-1.5-flash-8b": "gemini-3.1-flash-lite",
  "google/gemini-2.0-flash": "gemini-3.5-flash",
  "google/gemini-2.0-flash-lite": "gemini-3.1-flash-lite",
  "google/gemini-2.5-pro-preview-03-25": "gemini-3.1-pro-preview",
  "google/gemini-2.5-pro-preview-05-06": "gemini-3.1-pro-preview",
  "google/gemini-3-pro-preview": "gemini-3.1-pro-preview",
  // What the sources name for it is deprecated as well.
  "together/togethercomputer/CodeLlama-34b-Instruct": null,
};
