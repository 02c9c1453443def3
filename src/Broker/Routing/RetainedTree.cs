using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// A radix tree of retained messages by their subjects, so that matching a pattern costs what it matches and not what is stored. The path
/// from the root spells tokens, and an edge covers as many tokens as all subjects below have in common, so there are fewer nodes than
/// messages, however many tokens these have. Not thread-safe.
/// </summary>
/// <param name="seed">Of the hashes.</param>
internal sealed class RetainedTree(ulong seed)
{
    private readonly RetainedNode _root = new([]);

    internal RetainedMessage? Find(ReadOnlySpan<byte> subject)
    {
        var node = _root;
        var rest = subject;
        while (true)
        {
            var token = TokenPath.First(rest);
            if (node.Below.Find(TokenHash.Of(token, seed), token) is not [var entry]) return null;
            if (entry.Message is { } message) return entry.Path.SequenceEqual(rest) ? message : null;
            node = entry.Node!;
            if (!TokenPath.BeginsWith(rest, node.Path)) return null;
            if (rest.Length == node.Path.Length) return node.Message;
            rest = rest[(node.Path.Length + 1)..];
        }
    }

    /// <summary>Stores the message under its subject, in place of the one that is there.</summary>
    internal void Put(RetainedMessage message) => Put(_root, message, 0);

    /// <summary>Removes a message that is there.</summary>
    internal void Remove(RetainedMessage message) => Remove(_root, message, 0);

    /// <summary>
    /// Fills an empty list with what the valid pattern matches, in no order. A wildcard in the first place does not match hidden subjects.
    /// </summary>
    internal void Match(ReadOnlySpan<byte> pattern, List<RetainedMessage> matches)
    {
        Match(_root, new SubjectTokenizer(pattern), matches);
        if (pattern[0] is (byte)'*' or (byte)'>') matches.RemoveAll(message => ReservedSubjects.IsHidden(message.Subject));
    }

    /// <summary>Adds every message.</summary>
    internal void AddAll(List<RetainedMessage> messages) => AddAll(_root, messages);

    // The subject continues at start: after the path to the node and a dot, or beyond its own end.
    private void Put(RetainedNode node, RetainedMessage message, int start)
    {
        if (start > message.Subject.Length)
        {
            node.Message = message;
            return;
        }

        var rest = message.Subject[start..];
        var token = TokenPath.First(rest);
        var hash = TokenHash.Of(token, seed);
        if (node.Below.Find(hash, token) is not [var entry] || (entry.Message is not null && entry.Path.SequenceEqual(rest)))
        {
            node.Below = node.Below.With(token, new RetainedEntry(hash, message, start));
            return;
        }

        var common = TokenPath.CommonLength(entry.Path, rest);
        if (entry.Node is not { } next || common < next.Path.Length)
        {
            next = Split(entry, start, common);
            node.Below = node.Below.With(token, new RetainedEntry(hash, next));
        }

        Put(next, message, start + common + 1);
    }

    // Splits an edge: a new node after the first bytes of its path, with the rest below it.
    private RetainedNode Split(in RetainedEntry entry, int start, int length)
    {
        var upper = new RetainedNode(entry.Path[..length].ToArray());
        if (entry.Message is { } message)
        {
            Put(upper, message, start + length + 1);
            return upper;
        }

        var lower = entry.Node!.Moved(entry.Path[(length + 1)..].ToArray());
        var token = TokenPath.First(lower.Path);
        upper.Below = upper.Below.With(token, new RetainedEntry(TokenHash.Of(token, seed), lower));
        return upper;
    }

    private void Remove(RetainedNode node, RetainedMessage message, int start)
    {
        if (start > message.Subject.Length)
        {
            node.Message = null;
            return;
        }

        var token = TokenPath.First(message.Subject[start..]);
        var hash = TokenHash.Of(token, seed);
        if (node.Below.Find(hash, token)[0].Node is not { } next)
        {
            node.Below = node.Below.Without(hash, token);
            return;
        }

        Remove(next, message, start + next.Path.Length + 1);
        if (next.Folded(hash, start) is { } one) node.Below = node.Below.With(token, one);
    }

    private void Match(RetainedNode node, SubjectTokenizer rest, List<RetainedMessage> matches)
    {
        var next = rest;
        if (!next.MoveNext())
        {
            if (node.Message is not null) matches.Add(node.Message);
        }
        else if (next.Current is [(byte)'*' or (byte)'>'])
        {
            foreach (var entry in node.Below.Entries) Match(entry, rest, matches);
        }
        else if (node.Below.Find(TokenHash.Of(next.Current, seed), next.Current) is [var entry])
        {
            Match(entry, rest, matches);
        }
    }

    private void Match(in RetainedEntry entry, SubjectTokenizer rest, List<RetainedMessage> matches)
    {
        foreach (var token in new SubjectTokenizer(entry.Path))
        {
            if (!rest.MoveNext()) return;
            if (rest.Current is [(byte)'>'])
            {
                AddAll(entry, matches);
                return;
            }

            if (rest.Current is not [(byte)'*'] && !rest.Current.SequenceEqual(token)) return;
        }

        if (entry.Node is { } node) Match(node, rest, matches);
        else if (!rest.MoveNext()) matches.Add(entry.Message!);
    }

    private static void AddAll(in RetainedEntry entry, List<RetainedMessage> messages)
    {
        if (entry.Node is { } node) AddAll(node, messages);
        else messages.Add(entry.Message!);
    }

    private static void AddAll(RetainedNode node, List<RetainedMessage> messages)
    {
        if (node.Message is not null) messages.Add(node.Message);
        foreach (var entry in node.Below.Entries) AddAll(entry, messages);
    }
}
