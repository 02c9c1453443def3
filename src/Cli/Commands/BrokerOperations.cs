namespace UdsBroker.Cli.Commands;

/// <summary>The subjects on which the broker itself is asked. PROTOCOL.md, "Asking the broker".</summary>
internal static class BrokerOperations
{
    internal const string ExplainAccess = "_BROKER.acl.explain";

    internal const string Stats = "_BROKER.stats";

    internal const string Kick = "_BROKER.kick";

    internal const string Drain = "_BROKER.drain";
}
