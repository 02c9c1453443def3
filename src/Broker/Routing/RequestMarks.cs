using UdsBroker.Broker.Requests;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The marks for the requests of one publisher, one for each subject that it asks, so that a request costs no object of its own. A fixed
/// table, in which two subjects that meet push each other out; a publisher who never asks has none. Not thread-safe.
/// </summary>
internal sealed class RequestMarks(ulong seed)
{
    private const int Places = 256;

    private readonly SharedRequestPool _shared = new();
    private readonly RequestMark?[] _marks = new RequestMark?[Places];

    /// <summary>The mark for requests to one connection.</summary>
    internal RequestMark Of(ReadOnlySpan<byte> subject)
    {
        ref var mark = ref _marks[TokenHash.Of(subject, seed) % Places];
        if (mark is null || !subject.SequenceEqual(mark.Subject)) mark = new RequestMark(subject.ToArray());
        return mark;
    }

    /// <summary>The mark for one request to several; the caller is its first holder.</summary>
    internal SharedRequest Share(ReadOnlySpan<byte> subject) => _shared.Take(Of(subject).Subject);
}
