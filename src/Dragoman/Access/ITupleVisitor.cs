namespace Dragoman.Access;

/// <summary>Is told what a call is counted under, one after the other.</summary>
internal interface ITupleVisitor
{
    /// <param name="tuple">E.g. <c>team=research, model=openai/gpt-4o</c>; it is gone when this returns.</param>
    void Visit(ReadOnlySpan<char> tuple);
}
