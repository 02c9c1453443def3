using UdsBroker.Broker.Requests;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// A cache of the marks of one publisher, one for each subject that it sends requests to, so that a request allocates nothing. A fixed
/// table, in which colliding subjects replace each other; a publisher that never sends requests has none. Not thread-safe.
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
