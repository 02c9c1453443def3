using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>What a message does not carry itself: the DELIVER in front of it says so.</summary>
/// <param name="Sender">Who published it.</param>
/// <param name="Flags">What it is besides.</param>
/// <param name="MissedBefore">How many messages of the subscription were dropped right before it.</param>
internal readonly record struct MessageOrigin(Guid Sender, DeliverFlags Flags, ulong MissedBefore)
{
    public bool IsRetained => (Flags & DeliverFlags.Retained) != 0;
}
