namespace UdsBroker.Broker.Routing;

/// <summary>
/// Operations on a path: a subject or a pattern, or the rest of one from some token on, as a node of a tree sees it. Nothing is validated
/// and nothing allocated.
/// </summary>
internal static class TokenPath
{
    /// <summary>The first token.</summary>
    internal static ReadOnlySpan<byte> First(ReadOnlySpan<byte> path)
    {
        var dot = path.IndexOf((byte)'.');
        return dot < 0 ? path : path[..dot];
    }

    /// <summary>What follows the first token; empty when nothing does.</summary>
    internal static ReadOnlyMemory<byte> AfterFirst(ReadOnlyMemory<byte> path)
    {
        var dot = path.Span.IndexOf((byte)'.');
        return dot < 0 ? default : path[(dot + 1)..];
    }

    /// <summary>Whether the path begins with these tokens, the last of them whole.</summary>
    internal static bool BeginsWith(ReadOnlySpan<byte> path, ReadOnlySpan<byte> tokens) =>
        path.StartsWith(tokens) && IsBoundary(path, tokens.Length);

    /// <summary>The length of the whole tokens that two paths have in common from their start; the first token is one of them.</summary>
    internal static int CommonLength(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var same = one.CommonPrefixLength(other);
        return IsBoundary(one, same) && IsBoundary(other, same) ? same : one[..same].LastIndexOf((byte)'.');
    }

    private static bool IsBoundary(ReadOnlySpan<byte> path, int length) => length == path.Length || path[length] == '.';
}
