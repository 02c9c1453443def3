using UdsBroker.Broker.Tests.Actors;

namespace UdsBroker.Faults.Tests;

/// <summary>What a broker in the process holds: what has to be the same before and after a fault.</summary>
/// <param name="Slots">Connections.</param>
/// <param name="Subscriptions">Subscriptions, inboxes included.</param>
/// <param name="Slabs">Slabs in use, one of them for the presence of each client, without those of retained messages.</param>
/// <param name="Held">Bytes that wait.</param>
/// <param name="Users">Users who are connected.</param>
internal sealed record Counts(int Slots, int Subscriptions, long Slabs, long Held, int Users)
{
    internal static Counts Of(BrokerInProcess broker)
    {
        var context = broker.Context;
        return new Counts(
            context.Budget.Used,
            context.Table.Current.Count,
            context.Pool.Leased - context.Kept.Retained.Kept.Messages,
            context.Load.Memory.Bytes,
            context.Load.Users.Count);
    }

    /// <summary>The counts once nothing moves any more.</summary>
    internal static async Task<Counts> WaitUntilQuietAsync(BrokerInProcess broker)
    {
        var (last, unchanged) = (Of(broker), 0);
        await Wait.Until(
            () =>
            {
                var now = Of(broker);
                (last, unchanged) = (now, now == last && now.Held == 0 ? unchanged + 1 : 0);
                return unchanged > 40;
            },
            () => $"{last} is quiet");
        return last;
    }

    internal static Task ReturnAsync(BrokerInProcess broker, Counts baseline) => Wait.Until(() => Of(broker) == baseline, () => $"{Of(broker)} is {baseline}");
}
