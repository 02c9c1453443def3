namespace UdsBroker.Protocol;

/// <summary>
/// The requests that the broker itself answers, by the subjects that <see cref="SubjectOf"/> gives. PROTOCOL.md, "Asking the broker".
/// </summary>
public static class BrokerOperations
{
    /// <summary>Which access rule decides for a peer. For operators.</summary>
    public const string ExplainAccess = "acl.explain";

    /// <summary>The broker's statistics. For everybody.</summary>
    public const string Statistics = "stats";

    /// <summary>Closes a connection. For operators.</summary>
    public const string Kick = "kick";

    /// <summary>Closes all connections gradually and stops the broker. For operators.</summary>
    public const string Drain = "drain";

    /// <summary>The subject of a request for this operation.</summary>
    public static string SubjectOf(string operation) => $"_BROKER.{operation}";
}
