namespace UdsBroker.Protocol;

/// <summary>The info of WELCOME.</summary>
public sealed record WelcomeInfo
{
    /// <summary>
    /// The most groups that a WELCOME names, so that it fits what every client takes: the kernel allows a process 65,536.
    /// </summary>
    public const int MaxGroups = 256;

    /// <summary><c>broker</c>: the name of the broker. Default empty.</summary>
    public string Broker { get; init; } = "";

    /// <summary><c>version</c>: the version of the broker's program. Default empty.</summary>
    public string BrokerVersion { get; init; } = "";

    /// <summary><c>limits</c>: what both sides keep to. A limit that is not sent has its default.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary><c>uid</c>: the user of the peer as the kernel knows it; null when it does not say.</summary>
    public uint? Uid { get; init; }

    /// <summary><c>gid</c>: the group of the peer as the kernel knows it; null when it does not say.</summary>
    public uint? Gid { get; init; }

    /// <summary>
    /// <c>groups</c>: the supplementary groups of the peer as the kernel names them, at most <see cref="MaxGroups"/>; empty when there are
    /// none or the broker does not say.
    /// </summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary><c>pid</c>: the process of the peer as the kernel knows it; null when it does not say.</summary>
    public int? Pid { get; init; }
}
