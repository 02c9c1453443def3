namespace UdsBroker.Broker.Access;

/// <summary>What holds where no rule matches.</summary>
internal enum AccessDefault : byte
{
    /// <summary>Root and the broker's own user may do all, others nothing.</summary>
    Owner,

    /// <summary>Everybody whose user is known may do all.</summary>
    Allow,

    /// <summary>Nobody may do anything.</summary>
    Deny,
}
