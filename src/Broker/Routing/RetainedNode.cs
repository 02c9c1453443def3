using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// One position in the tree of retained subjects: the path from the root spells tokens. A pattern is walked down the tree, so that it costs
/// what it matches and not what there is. Not thread-safe.
/// </summary>
internal sealed class RetainedNode
{
    private Dictionary<byte[], RetainedNode>? _children;
    private RetainedMessage? _message;

    internal bool IsEmpty => _message is null && _children is null;

    internal RetainedMessage? Find(SubjectTokenizer rest)
    {
        var node = this;
        while (node is not null && rest.MoveNext()) node = node.Child(rest.Current);
        return node?._message;
    }

    /// <summary>Puts the message where its subject leads; there was none.</summary>
    internal void Add(SubjectTokenizer rest, RetainedMessage message)
    {
        var node = this;
        while (rest.MoveNext())
        {
            var children = node._children ??= new Dictionary<byte[], RetainedNode>(SubjectBytes.Comparer);
            var byToken = children.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!byToken.TryGetValue(rest.Current, out var child)) byToken[rest.Current] = child = new RetainedNode();
            node = child;
        }

        node._message = message;
    }

    /// <summary>Takes the message of the subject away, and the path to it as far as it leads nowhere else.</summary>
    internal void Remove(SubjectTokenizer rest)
    {
        if (!rest.MoveNext())
        {
            _message = null;
            return;
        }

        if (Child(rest.Current) is not { } child) return;
        var token = rest.Current;
        child.Remove(rest);
        if (!child.IsEmpty) return;
        _children!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(token);
        if (_children.Count == 0) _children = null;
    }

    /// <summary>Fills an empty list with what the valid pattern matches. A wildcard in the first place does not see what is hidden from it.</summary>
    internal void MatchAll(ReadOnlySpan<byte> pattern, List<RetainedMessage> matches)
    {
        Match(new SubjectTokenizer(pattern), matches);
        if (pattern[0] is (byte)'*' or (byte)'>') matches.RemoveAll(message => ReservedSubjects.IsHidden(message.Subject));
    }

    private void Match(SubjectTokenizer rest, List<RetainedMessage> matches)
    {
        if (!rest.MoveNext())
        {
            if (_message is not null) matches.Add(_message);
        }
        else if (rest.Current is [(byte)'>'])
        {
            foreach (var child in _children?.Values ?? Enumerable.Empty<RetainedNode>()) child.AddAll(matches);
        }
        else if (rest.Current is [(byte)'*'])
        {
            foreach (var child in _children?.Values ?? Enumerable.Empty<RetainedNode>()) child.Match(rest, matches);
        }
        else
        {
            Child(rest.Current)?.Match(rest, matches);
        }
    }

    /// <summary>Adds every message from here on.</summary>
    internal void AddAll(List<RetainedMessage> matches)
    {
        if (_message is not null) matches.Add(_message);
        foreach (var child in _children?.Values ?? Enumerable.Empty<RetainedNode>()) child.AddAll(matches);
    }

    private RetainedNode? Child(ReadOnlySpan<byte> token) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(token, out var child) ? child : null;
}
