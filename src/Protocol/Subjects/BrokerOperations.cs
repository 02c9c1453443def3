namespace UdsBroker.Protocol;

/// <summary>What the broker itself is asked, by a request to <see cref="SubjectOf"/>. PROTOCOL.md, "Asking the broker".</summary>
public static class BrokerOperations
{
    /// <summary>Which access rule decides for a peer; for operators.</summary>
    public const string ExplainAccess = "acl.explain";

    /// <summary>What the broker counts; for all.</summary>
    public const string Statistics = "stats";

    /// <summary>To close a connection; for operators.</summary>
    public const string Kick = "kick";

    /// <summary>To send all connections away and end; for operators.</summary>
    public const string Drain = "drain";

    /// <summary>The subject on which the broker is asked for it.</summary>
    public static string SubjectOf(string operation) => $"_BROKER.{operation}";
}
