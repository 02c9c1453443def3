using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>A client of the model: what it has sent and not yet been read, and what it was sent.</summary>
internal sealed class ModelClient
{
    private const string WillMark = "will";

    private readonly Queue<(long End, Action Effect)> _effects = new();
    private readonly List<byte> _outgoing = [];
    private readonly Dictionary<string, int> _asked = [];
    private HashSet<byte[]> _delivered = [];
    private long _written;
    private int _published;

    internal ModelClient(int number, CoreConnection connection)
    {
        (Number, Connection) = (number, connection);
        connection.Consumed = OnConsumed;
    }

    internal int Number { get; }

    internal CoreConnection Connection { get; }

    internal List<ModelSubscription> Subscriptions { get; } = [];

    /// <summary>All messages of it that the broker has read, to be routed at once or later, or refused.</summary>
    internal List<ModelMessage> Routed { get; } = [];

    internal uint LastSid { get; set; }

    /// <summary>It asks with the same reply subjects on each subject: of requests to one subject with one reply subject nobody could tell which is meant.</summary>
    internal bool ReusesReplies { get; init; }

    /// <summary>It ended abruptly: what it received last is not known.</summary>
    internal bool IsDead { get; set; }

    internal bool IsDraining { get; set; }

    /// <summary>It answers nothing any more, and those who asked it have been told.</summary>
    internal bool HasGone { get; set; }

    /// <summary>The message that the broker publishes if it dies.</summary>
    internal ModelMessage? Will { get; private set; }

    /// <summary>The account of the will that was published.</summary>
    internal PublisherAccount? WillAccount { get; set; }

    internal bool IsActive => !IsDead && !IsDraining;

    internal Received Received { get; private set; } = new();

    /// <summary>Writes a frame whose effect on the model comes when the broker has read it.</summary>
    internal void Write(byte[] frame, Action effect)
    {
        _outgoing.AddRange(frame);
        _written += frame.Length;
        _effects.Enqueue((_written, effect));
    }

    /// <summary>Sends what was written, all but the last so many bytes.</summary>
    internal void Send(int keep = 0)
    {
        var count = Math.Max(0, _outgoing.Count - keep);
        if (count == 0) return;
        var bytes = _outgoing[..count].ToArray();
        _outgoing.RemoveRange(0, count);
        Connection.Send(bytes);
    }

    /// <summary>The next message, with a header or none; some have a reply subject, and some of those it is the own inbox: those are requests.</summary>
    internal ModelMessage NewMessage(string subject, int size, string header, long value)
    {
        var number = ++_published;
        var text = $"{Number}/{number}/";
        if (text.Length < size) text += new string((char)('a' + (number % 26)), size - text.Length);
        var reply = number % 7 == 0 ? $"reply.{Number}.{number}" : number % 7 == 3 ? $"_INBOX.{Connection.Id}.{(ReusesReplies ? NextFor(subject) : number)}" : "";
        (string, string)[] headers = header.Length > 0 ? [(header, value.ToString(provider: null))] : [];
        return new ModelMessage(Connection.Id, number, subject, reply, Frames.Publish(subject, Encoding.ASCII.GetBytes(text), reply, headers)) { Header = header, Value = value };
    }

    /// <summary>HELLO with a will, which comes after everything that it publishes.</summary>
    internal byte[] HelloWithWill(string subject, string header, long value)
    {
        var payload = Encoding.ASCII.GetBytes($"{Number}/{WillMark}/");
        var will = new LastWill(subject, payload);
        if (header.Length > 0) will = will with { Headers = new Dictionary<string, string> { [header] = value.ToString(provider: null) } };
        var frame = Frames.Publish(subject, payload, "", header.Length > 0 ? [(header, value.ToString(provider: null))] : []);
        Will = new ModelMessage(Connection.Id, int.MaxValue, subject, "", frame) { Header = header, Value = value };
        return Frames.Hello(will);
    }

    /// <summary>The routed message with that payload; they are routed in the order of their numbers.</summary>
    internal ModelMessage FindRouted(string payload) =>
        payload.Split('/')[1] is var number && number == WillMark ? Will! : Routed[int.Parse(number, provider: null) - 1];

    /// <summary>Takes apart all that it received.</summary>
    internal void Receive()
    {
        Received = Received.Parse(Connection.Socket.TakeReceived(), mayBeCut: IsDead);
        _delivered = Received.Deliveries.Where(d => !d.IsRetained && d.Missed == 0).Select(d => d.Frame).ToHashSet(SubjectBytes.Comparer);
    }

    /// <summary>True when the message is among what it received, as it was published.</summary>
    internal bool HasReceived(ModelMessage message) => _delivered.Contains(message.Frame);

    public override string ToString() => $"client {Number}{(IsDead ? " (dead)" : IsDraining ? " (draining)" : "")}";

    private int NextFor(string subject) => _asked[subject] = _asked.GetValueOrDefault(subject) + 1;

    private void OnConsumed(long consumed)
    {
        while (_effects.TryPeek(out var next) && next.End <= consumed) _effects.Dequeue().Effect();
    }
}
