namespace UdsBroker.Protocol;

/// <summary>
/// One limit as the <c>limits</c> map of WELCOME has it: its key, and how to read and to set it. The writer, the reader and the range check
/// all iterate over <see cref="All"/>, so a limit is listed nowhere else.
/// </summary>
/// <param name="Name">The key.</param>
/// <param name="Read">The value among the limits.</param>
/// <param name="With">The limits with another value.</param>
internal sealed record LimitName(string Name, Func<Limits, int> Read, Func<Limits, int, Limits> With)
{
    /// <summary>Every limit, in the order in which WELCOME writes them.</summary>
    public static readonly LimitName[] All =
    [
        new("max-payload-bytes", limits => limits.MaxPayloadBytes, (limits, value) => limits with { MaxPayloadBytes = value }),
        new("max-subject-bytes", limits => limits.MaxSubjectBytes, (limits, value) => limits with { MaxSubjectBytes = value }),
        new("max-tokens", limits => limits.MaxTokens, (limits, value) => limits with { MaxTokens = value }),
        new("max-headers", limits => limits.MaxHeaders, (limits, value) => limits with { MaxHeaders = value }),
        new("max-header-bytes", limits => limits.MaxHeaderBytes, (limits, value) => limits with { MaxHeaderBytes = value }),
        new("max-subscriptions", limits => limits.MaxSubscriptions, (limits, value) => limits with { MaxSubscriptions = value }),
        new("max-hello-bytes", limits => limits.MaxHelloBytes, (limits, value) => limits with { MaxHelloBytes = value }),
        new("max-control-frame-bytes", limits => limits.MaxControlFrameBytes, (limits, value) => limits with { MaxControlFrameBytes = value }),
        new("max-elements", limits => limits.MaxElements, (limits, value) => limits with { MaxElements = value }),
        new("max-depth", limits => limits.MaxDepth, (limits, value) => limits with { MaxDepth = value }),
        new("max-packet-bytes", limits => limits.MaxPacketBytes, (limits, value) => limits with { MaxPacketBytes = value }),
    ];
}
