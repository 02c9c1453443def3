namespace UdsBroker.Protocol;

/// <summary>
/// The key of each limit in the <c>limits</c> map of WELCOME, beside how to read and to set it: the one list that the writer, the reader
/// and
/// the range check go through, so that a new limit cannot be forgotten in one of them. The least values let the smallest useful client
/// work.
/// </summary>
internal static class LimitNames
{
    /// <summary>Every limit, in the order in which WELCOME writes them.</summary>
    public static readonly (string Name, int Least, Func<Limits, int> Read)[] All =
    [
        ("max-payload-bytes", 1, limits => limits.MaxPayloadBytes),
        ("max-subject-bytes", 64, limits => limits.MaxSubjectBytes),
        ("max-tokens", 4, limits => limits.MaxTokens),
        ("max-headers", 1, limits => limits.MaxHeaders),
        ("max-header-bytes", 64, limits => limits.MaxHeaderBytes),
        ("max-subscriptions", 1, limits => limits.MaxSubscriptions),
        ("max-hello-bytes", 256, limits => limits.MaxHelloBytes),
        ("max-control-frame-bytes", 4096, limits => limits.MaxControlFrameBytes),
        ("max-elements", 64, limits => limits.MaxElements),
        ("max-depth", 4, limits => limits.MaxDepth),
        ("max-packet-bytes", 0, limits => limits.MaxPacketBytes),
    ];

    /// <summary>True for the key of a limit.</summary>
    public static bool IsKnown(string name) => Array.Exists(All, limit => limit.Name == name);

    /// <summary>The limits with one of them replaced; an unknown name, of a newer broker, changes nothing.</summary>
    public static Limits With(Limits limits, string name, int value) => name switch
    {
        "max-payload-bytes" => limits with { MaxPayloadBytes = value },
        "max-subject-bytes" => limits with { MaxSubjectBytes = value },
        "max-tokens" => limits with { MaxTokens = value },
        "max-headers" => limits with { MaxHeaders = value },
        "max-header-bytes" => limits with { MaxHeaderBytes = value },
        "max-subscriptions" => limits with { MaxSubscriptions = value },
        "max-hello-bytes" => limits with { MaxHelloBytes = value },
        "max-control-frame-bytes" => limits with { MaxControlFrameBytes = value },
        "max-elements" => limits with { MaxElements = value },
        "max-depth" => limits with { MaxDepth = value },
        "max-packet-bytes" => limits with { MaxPacketBytes = value },
        _ => limits,
    };
}
