using UdsBroker.Protocol;

namespace UdsBroker.Broker.Load;

/// <summary>
/// Which tokens of a pattern are <c>*</c>. Matching a subject follows one path in the pattern tree for each different set of such
/// positions, so limiting a user's different shapes bounds what every publisher pays for its subscriptions, however many these are. A
/// <c>&gt;</c> is at the end of a path and adds none.
/// </summary>
/// <param name="First">A bit for each of the first 128 tokens.</param>
/// <param name="Second">A bit for each of the next 128, the most there can be.</param>
internal readonly record struct WildcardShape(UInt128 First, UInt128 Second)
{
    /// <summary>True for a pattern without <c>*</c>, which adds no path.</summary>
    internal bool IsPlain => this == default;

    /// <summary>The shape of a valid pattern.</summary>
    internal static WildcardShape Of(ReadOnlySpan<byte> pattern)
    {
        UInt128 first = 0, second = 0;
        if (pattern.Contains((byte)'*'))
        {
            var at = 0;
            foreach (var token in new SubjectTokenizer(pattern))
            {
                if (token is [(byte)'*'])
                {
                    if (at < 128) first |= UInt128.One << at;
                    else second |= UInt128.One << (at - 128);
                }

                at++;
            }
        }

        return new WildcardShape(first, second);
    }
}
