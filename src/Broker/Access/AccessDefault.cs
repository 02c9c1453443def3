namespace UdsBroker.Broker.Access;

/// <summary>What applies when no rule matches.</summary>
internal enum AccessDefault : byte
{
    /// <summary>Root and the broker's own user may do everything, others nothing.</summary>
    Owner,

    /// <summary>Everybody whose user is known may do everything.</summary>
    Allow,

    /// <summary>Nobody may do anything.</summary>
    Deny,
}
