using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>
/// The baseline of matching keywords: the first rule with a word in the prompt says the task. What gateways usually do.
/// </summary>
internal static class KeywordRules
{
    private static readonly (TaskKind Task, string[] Words)[] Rules =
    [
        (
            TaskKind.Translation,
            ["translate", "translation", "how do you say", "翻译", "traduc", "tradui", "übersetz"]
        ),
        (
            TaskKind.Summarization,
            ["summar", "tl;dr", "tldr", "main idea", "in a nutshell", "总结", "摘要", "概括"]
        ),
        (
            TaskKind.Code,
            [
                "def ",
                "function",
                "python",
                "javascript",
                "java ",
                "sql",
                "code",
                "algorithm",
                "regex",
                "代码",
                "函数",
            ]
        ),
        (
            TaskKind.Math,
            [
                "solve",
                "calculate",
                "equation",
                "how many",
                "how much",
                "probability",
                "percent",
                "sum of",
                "计算",
                "方程",
            ]
        ),
        (
            TaskKind.Extraction,
            ["extract", "identify", "find all", "list all", "according to the", "提取", "找出"]
        ),
        (
            TaskKind.Creative,
            [
                "write a story",
                "write a poem",
                "poem",
                "story",
                "essay",
                "email",
                "slogan",
                "compose",
                "创作",
                "写一",
            ]
        ),
        (
            TaskKind.Analysis,
            [
                "analy",
                "compare",
                "evaluate",
                "sentiment",
                "positive or negative",
                "classify",
                "review",
                "pros and cons",
                "分析",
                "分类",
                "判断",
            ]
        ),
        (
            TaskKind.Reasoning,
            [
                "logic",
                "premise",
                "conclusion",
                "therefore",
                "if all",
                "puzzle",
                "riddle",
                "step by step",
                "argument",
                "推理",
            ]
        ),
        (
            TaskKind.Knowledge,
            [
                "what is",
                "who ",
                "when ",
                "where ",
                "why ",
                "explain",
                "define",
                "which ",
                "什么",
                "为什么",
            ]
        ),
    ];

    public static TaskKind Of(string prompt)
    {
        foreach (var (task, words) in Rules)
        {
            if (words.Any(word => prompt.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return task;
        }
        return TaskKind.Chat;
    }
}
