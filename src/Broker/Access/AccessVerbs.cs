namespace UdsBroker.Broker.Access;

/// <summary>What access rules allow or deny; a rule may name several.</summary>
[Flags]
internal enum AccessVerbs : byte
{
    None = 0,

    /// <summary>To have a connection at all.</summary>
    Connect = 1,

    /// <summary>To publish to a subject.</summary>
    Publish = 2,

    /// <summary>To get what is published to a subject.</summary>
    Subscribe = 4,

    All = Connect | Publish | Subscribe,
}
