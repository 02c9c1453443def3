using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The position of a token in a subject, and its hash. A subject is split once per match, because with wildcards each of its tokens is
/// looked up at many nodes of the pattern tree.
/// </summary>
/// <param name="Start">Its first byte in the subject.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Hash">Its <see cref="TokenHash"/>.</param>
internal readonly record struct HashedToken(int Start, int Length, uint Hash)
{
    /// <summary>How many tokens the subject has.</summary>
    internal static int Count(ReadOnlySpan<byte> subject) => System.MemoryExtensions.Count(subject, (byte)'.') + 1;

    /// <summary>Splits the subject into tokens.</summary>
    /// <param name="subject">A valid one.</param>
    /// <param name="seed">Of the hashes.</param>
    /// <param name="tokens">Room for all of them.</param>
    internal static void Split(ReadOnlySpan<byte> subject, ulong seed, Span<HashedToken> tokens)
    {
        var (start, at) = (0, 0);
        foreach (var token in new SubjectTokenizer(subject))
        {
            tokens[at++] = new HashedToken(start, token.Length, TokenHash.Of(token, seed));
            start += token.Length + 1;
        }
    }

    /// <summary>The token itself.</summary>
    internal ReadOnlySpan<byte> Of(ReadOnlySpan<byte> subject) => subject.Slice(Start, Length);
}
