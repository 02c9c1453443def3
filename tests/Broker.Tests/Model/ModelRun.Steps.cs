using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>
/// What may happen next, and how often. A schedule is one choice after another, each for one client; a choice that is not possible for it is a step in
/// which nothing happens.
/// </summary>
internal sealed partial class ModelRun
{
    private const int MostClients = 6;
    private const int MostSubscriptions = 12;

    /// <summary>Choices among what there is go for the newest of it, or in a long schedule nearly all would be of things that are over.</summary>
    private const int MostRecent = 16;

    private static readonly CloseReason[] Goodbyes = [CloseReason.ClientClosed, CloseReason.Stale, CloseReason.LameDuck, CloseReason.Overloaded];

    private readonly Choice[] _choices;
    private readonly int _weights;

    private Choice[] Choices() =>
    [
        new(96, client => client.IsActive, Publish),
        new(32, client => client.IsActive && client.Subscriptions.Count(s => s.IsOpen) < MostSubscriptions, Subscribe),
        new(16, HasSubscribed, client => Unsubscribe(client, RecentOf(client.Subscriptions, from: 1))),
        new(32, HasSubscribed, client => Grant(client, RecentOf(client.Subscriptions, from: 1), (ulong)_random.Next(30))),
        new(28, client => client.IsActive && _requests.Count > 0, client => Answer(client, RecentOf(_requests))),
        new(16, client => client.IsActive, Ping),
        new(8, client => client.IsActive, client => client.Connection.HandleEnded()),
        new(16, _ => true, client => client.Connection.Socket.Room = 0),
        new(16, _ => true, MakeRoom),
        new(32, client => !client.IsDead, client => client.Connection.BeginWrite()),
        new(32, client => !client.IsDead, client => client.Connection.EndWrite()),
        new(16, _ => true, client => client.Connection.StallTimer()),
        new(32, _ => true, client => client.Connection.Resume()),
        new(8, _ => true, _ => Advance(_random.Next(30))),
        new(4, _ => _clients.Count(c => c.IsActive) < MostClients, _ => Connect()),
        new(2, client => client.IsActive, Kill),
        new(2, client => client.IsActive, Drain),
        new(3, _ => true, _ => ChangeRules()),
        new(3, _ => true, _ => ChangeRulesAtNextDeadline()),
    ];

    private void Step(ModelClient client)
    {
        var drawn = _random.Next(_weights);
        foreach (var choice in _choices)
        {
            drawn -= choice.Weight;
            if (drawn >= 0) continue;
            if (choice.IsPossible(client)) choice.Happen(client);
            return;
        }
    }

    // Ended connections produce nothing more, except for late events.
    private ModelClient NextClient()
    {
        var present = _clients.Where(c => c.IsActive || (c.IsDraining && !c.Connection.IsDrained)).ToList();
        return present.Count == 0 || _random.Next(16) == 0 ? _clients[_random.Next(_clients.Count)] : present[_random.Next(present.Count)];
    }

    private static bool HasSubscribed(ModelClient client) => client.IsActive && client.Subscriptions.Count > 1;

    private T RecentOf<T>(List<T> items, int from = 0) => items[_random.Next(Math.Max(from, items.Count - MostRecent), items.Count)];

    private void Ping(ModelClient client)
    {
        client.Write(Frames.Ping((ulong)_random.Next()), () => { });
        client.Send();
    }

    private void MakeRoom(ModelClient client)
    {
        var socket = client.Connection.Socket;
        socket.Room = _random.Next(3) == 0 ? long.MaxValue : _random.Next(5000);
        socket.MostPerCall = _random.Next(2) == 0 ? int.MaxValue : _random.Next(1, 300);
    }

    // Some are greeted as soon as the broker knows them, which is before their WELCOME.
    private void Connect()
    {
        var active = _clients.Where(c => c.IsActive).ToList();
        var client = new ModelClient(_clients.Count, _broker.Accept(_access.For(AccessOfTest.Peer(0)))) { ReusesReplies = _reusesReplies };
        _clients.Add(client);
        client.Connection.Begun = subscription => Begin(client, subscription);
        client.Connection.Consumed += _ => _turn = RuleChange.None;
        if (active.Count > 0 && _random.Next(2) == 0)
        {
            var greeter = active[_random.Next(active.Count)];
            client.Connection.InForce = () =>
            {
                client.Connection.InForce = null;
                Greet(greeter, client);
            };
        }

        client.Write(_random.Next(2) == 0 ? Frames.Hello() : HelloWithWill(client), () => { });
        client.Send();
    }

    private void Greet(ModelClient greeter, ModelClient newcomer)
    {
        var greeting = greeter.NewMessage($"_INBOX.{newcomer.Connection.Id}.hi", _random.Next(3000), header: "", value: 0);
        greeter.Write(greeting.Frame, () => Take(greeter, greeting));
        greeter.Send();
    }

    private byte[] HelloWithWill(ModelClient client)
    {
        var subject = Subjects[_random.Next(Subjects.Length)];
        var (header, value) = Header(subject);
        return client.HelloWithWill(subject, header, value);
    }

    private void Kill(ModelClient client)
    {
        client.IsDead = true;
        if (_random.Next(2) == 0) client.Connection.Socket.IsGone = true;
        else client.Connection.EndWrite();
        client.Connection.Close();
        client.HasGone = true;
        foreach (var subscription in client.Subscriptions) subscription.IsOpen = false;
        if (client.Will is not { } will || client.Connection.Session.Will is null) return;
        client.WillAccount = _broker.PublishWill(client.Connection);
        _turn = RuleChange.None;
        TakeWill(client, will);
    }

    // By itself, because of its own violation, because all connections end, or to release its memory.
    private void Drain(ModelClient client)
    {
        client.IsDraining = true;
        var reason = Goodbyes[_random.Next(Goodbyes.Length)];
        client.Connection.SayGoodbye(reason);
        client.HasGone = reason == CloseReason.ClientClosed;
        foreach (var subscription in client.Subscriptions) subscription.IsOpen = false;
    }

    private sealed record Choice(int Weight, Func<ModelClient, bool> IsPossible, Action<ModelClient> Happen);
}
