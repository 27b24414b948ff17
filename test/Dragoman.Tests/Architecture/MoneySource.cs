using System.Reflection;
using System.Text.RegularExpressions;

namespace Dragoman.Tests.Architecture;

/// <summary>Looks for floating-point numbers where money is: in names, in what methods hold while they work, in source and in schemas.</summary>
internal static partial class MoneySource
{
    /// <summary>Milliseconds: no pattern here takes one.</summary>
    private const int Patience = 10_000;

    private const BindingFlags All =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>The name speaks of money: <c>CostUsd</c>, <c>PriceSheet</c>, <c>cost_nano_usd</c>; not <c>Feed</c>, <c>Billion</c> or <c>budget_tokens</c>.</summary>
    public static bool IsMoney(string name) =>
        MoneyWord().IsMatch(name) && !name.Contains("Tokens", StringComparison.OrdinalIgnoreCase);

    /// <summary>What carries money in a floating-point type, in types that speak of money and in members that do.</summary>
    public static IEnumerable<string> FloatsIn(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            var isMoney = IsMoney(type.Name);
            foreach (var member in type.GetMembers(All).Where(m => isMoney || IsMoney(m.Name)))
            foreach (var (what, carried) in Carried(member, isMoney))
            {
                if (IsFloat(carried))
                    yield return $"{type.FullName}.{member.Name}: {what} is {carried.Name}";
            }
            // A parameter or a local of any method may speak of money where its method does not.
            foreach (var method in type.GetMethods(All))
            foreach (var parameter in method.GetParameters())
            {
                if (IsMoney(parameter.Name ?? "") && IsFloat(parameter.ParameterType))
                    yield return $"{type.FullName}.{method.Name}({parameter.Name})";
            }
        }
    }

    /// <summary>Lines of C# that bring money and floating-point numbers together; all lines of a file that is named after money.</summary>
    public static IEnumerable<(int Line, string Text)> FloatsIn(
        string file,
        IReadOnlyList<string> lines
    )
    {
        var isMoneyFile = IsMoney(Path.GetFileNameWithoutExtension(file));
        for (var i = 0; i < lines.Count; i++)
        {
            var code = Comment().Replace(Text().Replace(lines[i], "\"\""), "");
            if (
                (isMoneyFile || Identifier().Matches(code).Any(static m => IsMoney(m.Value)))
                && Float().IsMatch(code)
            )
                yield return (i + 1, lines[i].Trim());
        }
    }

    /// <summary>Columns that speak of money and are neither whole numbers nor the text of a decimal.</summary>
    public static IEnumerable<string> FloatsInSchema(string sql)
    {
        foreach (Match column in Column().Matches(sql))
        {
            var (name, type) = (column.Groups["name"].Value, column.Groups["type"].Value);
            if (MoneyColumn().IsMatch(name) && type is not ("INTEGER" or "BIGINT" or "TEXT"))
                yield return $"{name} {type}";
        }
    }

    private static IEnumerable<(string What, Type Carried)> Carried(MemberInfo member, bool isMoney)
    {
        switch (member)
        {
            case FieldInfo field:
                yield return ("the field", field.FieldType);
                break;
            case PropertyInfo property:
                yield return ("the property", property.PropertyType);
                break;
            case MethodBase method:
                if (method is MethodInfo { ReturnType: var result })
                    yield return ("the result", result);
                foreach (
                    var parameter in method
                        .GetParameters()
                        .Where(p => isMoney || IsMoney(p.Name ?? ""))
                )
                    yield return (parameter.Name ?? "a parameter", parameter.ParameterType);
                foreach (var local in method.GetMethodBody()?.LocalVariables ?? [])
                    yield return ("a local", local.LocalType);
                break;
        }
    }

    private static bool IsFloat(Type type) =>
        type == typeof(double)
        || type == typeof(float)
        || type == typeof(Half)
        || (type.HasElementType && IsFloat(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsFloat));

    [GeneratedRegex(
        "(Price|Cost|Usd|Budget|Bill|Fee|Money)(s|d)?(?![a-z])|^_?(price|cost|usd|budget|bill|fee|money)s?(?![a-z])|_(cost|usd|price|budget|fee)(_|$)",
        RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex MoneyWord();

    [GeneratedRegex(
        @"\b(double|float|half|single|(try)?getdouble|todouble|tosingle|math\.pow|math\.sqrt)\b|(?<![\w.])(\d[\d_]*\.\d[\d_]*(e[+-]?\d+)?|\d[\d_]*e[+-]?\d+|\d[\d_]*(\.\d+)?[df])(?![\w.])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex Float();

    [GeneratedRegex(@"[A-Za-z_]\w*", RegexOptions.None, Patience)]
    private static partial Regex Identifier();

    [GeneratedRegex("\"([^\"\\\\]|\\\\.)*\"", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Text();

    [GeneratedRegex("//.*$", RegexOptions.None, Patience)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"^\s+(?<name>[a-z_0-9]+)\s+(?<type>[A-Z]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        Patience
    )]
    private static partial Regex Column();

    [GeneratedRegex("cost|usd|price|budget|fee|spent|amount|money", RegexOptions.None, Patience)]
    private static partial Regex MoneyColumn();
}
