using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>
/// One run of the model: clients that publish, subscribe with every policy, with and without credit and queue groups, unsubscribe,
/// drain, stall and die and leave wills, ask and answer, retain, delay and let expire, greet newcomers before they are welcomed, under access rules that
/// change, in the order that a seed decides, on small bounds so that everything overflows. Beside the broker it keeps the plain list of what each subscription has to get.
/// </summary>
internal sealed partial class ModelRun
{
    private static readonly string[] Subjects = ["a", "a.b", "a.c", "b", "b.c.d", "c"];
    private static readonly string[] Patterns = ["a", "a.b", "a.*", "*.c", "*", ">", "b.>", "a.>", "c"];

    /// <summary>WELCOME and each other frame of the broker itself fit such a packet.</summary>
    private const int LeastPacket = 500;

    private readonly Random _random;
    private readonly CoreBroker _broker;
    private readonly List<ModelClient> _clients = [];
    private readonly Dictionary<(string Queue, byte[] Frame), int> _shares = [];
    private readonly List<ModelMessage> _retained = [];
    private readonly List<ModelMessage> _requests = [];
    private readonly PriorityQueue<ModelMessage, (long Due, int Place)> _delayed = new();
    private readonly int _steps;

    // In some schedules askers use their reply subjects on each subject, and in some few requests are remembered: then not every end is told.
    private readonly bool _reusesReplies;
    private readonly bool _isForgetful;
    private int _lastPlace;

    /// <param name="seed">Decides everything.</param>
    /// <param name="steps">How many steps; null for a few, as the seed says.</param>
    internal ModelRun(int seed, int? steps = null)
    {
        _random = new Random(seed);
        _choices = Choices();
        _weights = _choices.Sum(choice => choice.Weight);
        _reusesReplies = _random.Next(4) == 0;
        _isForgetful = _random.Next(4) == 0;
        var high = _random.Next(500, 20_000);
        var bound = new PendingBound(_random.Next(100, 5000), _random.Next(2, 100));
        var maxPacket = _random.Next(3) == 0 ? _random.Next(LeastPacket, 4000) : int.MaxValue;
        _broker = new CoreBroker(
            highWatermark: high,
            lowWatermark: high / 4,
            bound: bound,
            maxPacket: maxPacket,
            retained: new RetainedBounds(1000, 10_000_000),
            delayed: new DelayBounds(10_000, 100_000_000, 1_000_000),
            maxOpenRequests: _isForgetful ? _random.Next(6) : int.MaxValue);
        for (var i = _random.Next(2, 6); i > 0; i--) Connect();
        _steps = steps ?? _random.Next(20, 200);
    }

    internal void Play()
    {
        for (var steps = _steps; steps > 0; steps--) Step(NextClient());
        RunUntilQuiet();
        Check();
    }

    /// <summary>Everything that every client received.</summary>
    internal string Transcript() => string.Join('\n', _clients.Select(c => $"{c}: {c.Received.Log}"));

    private void Publish(ModelClient client)
    {
        var subject = Subjects[0];
        for (var i = _random.Next(1, 40); i > 0; i--)
        {
            if (_random.Next(4) == 0) subject = Subjects[_random.Next(Subjects.Length)];
            if (_random.Next(20) == 0) subject = $"_INBOX.{RecentOf(_clients).Connection.Id}.x";
            var size = _random.Next(60) switch { 0 => 6000, < 4 => _random.Next(1000, 3000), _ => _random.Next(60) };
            var (header, value) = Header(subject);
            var message = client.NewMessage(subject, size, header, value);
            client.Write(message.Frame, () => Take(client, message));
        }

        client.Send(keep: _random.Next(3) == 0 ? _random.Next(100) : 0);
    }

    // Some answer who were not asked.
    private void Answer(ModelClient client, ModelMessage request)
    {
        var answer = client.NewMessage(request.Reply, size: 0, header: "", value: 0);
        client.Write(answer.Frame, () =>
        {
            foreach (var asked in _reusesReplies ? _requests.Where(other => other.Reply == request.Reply) : [request]) asked.AnsweredBy.Add(client.Number);
            Take(client, answer);
        });
        client.Send();
    }

    private (string Name, long Value) Header(string subject) => subject[0] == '_' ? ("", 0) : _random.Next(30) switch
    {
        0 => (KnownHeaders.Retain, 1),
        1 => (KnownHeaders.Delay, _random.Next(1, 200)),
        2 or 3 => (KnownHeaders.Expires, _random.Next(0, 60)),
        _ => ("", 0),
    };

    // Time passes: what waits expires, and what was delayed is routed.
    private void Advance(int milliseconds)
    {
        _broker.Advance(milliseconds);
        while (_delayed.TryPeek(out var message, out var time) && time.Due <= _broker.Clock.Milliseconds)
        {
            _delayed.Dequeue();
            message.IsDenied = IsClosed && message.Subject == Guarded;
            if (!message.IsDenied) Route(message);
        }
    }

    private void Subscribe(ModelClient client)
    {
        var options = new SubscribeOptions
        {
            Overflow = (OverflowPolicy)_random.Next(5),
            Credit = _random.Next(2) == 0 ? (ulong)_random.Next(20) : null,
            PendingBytes = _random.Next(3) == 0 ? (ulong)_random.Next(1, 1000) : null,
        };
        if (_random.Next(4) == 0)
        {
            var policy = options.Overflow == OverflowPolicy.Disconnect ? OverflowPolicy.Block : options.Overflow;
            options = options with { Queue = _random.Next(2) == 0 ? "q" : "r", Overflow = policy };
        }

        client.Write(Frames.Subscribe(++client.LastSid, Patterns[_random.Next(Patterns.Length)], options), () => { });
        client.Send();
    }

    // What is retained comes first, in the order in which it came; not to members of queue groups.
    private void Begin(ModelClient client, Subscription subscription)
    {
        var begun = new ModelSubscription(subscription, client.Number) { Pattern = SubjectPattern.Parse(Encoding.UTF8.GetString(subscription.Pattern.Span)) };
        client.Subscriptions.Add(begun);
        if (subscription.Queue is not null) return;
        begun.Expected.AddRange(_retained.Where(message => Reaches(begun.Pattern, Encoding.UTF8.GetBytes(message.Subject))));
        begun.RetainedCount = begun.Expected.Count;
        if (begun.IsCut) begun.Perhaps = begun.Expected.Count;
    }

    private void Unsubscribe(ModelClient client, ModelSubscription subscription)
    {
        if (_random.Next(3) == 0)
        {
            client.Write(Frames.Drain(subscription.Sid), () => BeginDrain(subscription));
            client.Send();
            return;
        }

        var max = _random.Next(2) == 0 && subscription.Queue is null ? (ulong)_random.Next(1, 30) : (ulong?)null;
        client.Write(Frames.Unsubscribe(subscription.Sid, max), () =>
        {
            if (max is null) (subscription.IsOpen, subscription.AwaitsEnd, subscription.IsUnsubscribed) = (false, false, true);
            else if (subscription.IsOpen) subscription.Remaining = max;
        });
        client.Send();
    }

    // One that has its maximum may be gone already when this is read.
    private static void BeginDrain(ModelSubscription subscription)
    {
        subscription.IsDrained = true;
        subscription.AwaitsEnd |= subscription.IsOpen && !subscription.IsCut;
        subscription.IsOpen = false;
    }

    private static void Grant(ModelClient client, ModelSubscription subscription, ulong count)
    {
        client.Write(Frames.Credit(subscription.Sid, count), () => { });
        client.Send();
    }
}
