namespace Akka.Actor;

/// <summary>A path, possibly with wildcards, from an anchor to the actors that are there when a message is sent.</summary>
public class ActorSelection : ICanTell
{
    public ActorSelection()
    {
    }

    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path == "" ? [] : path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        Path = [.. elements.Where(element => element.Length > 0).Select(SelectionPathElement.Parse)];
        if (Path.SkipLast(1).Contains(SelectChildRecursive.Instance))
            throw new IllegalActorNameException("Double wildcard can only appear at the last path entry");
    }

    public IActorRef Anchor { get; private set; }

    public SelectionPathElement[] Path { get; private set; }

    public string PathString => "/" + string.Join("/", Path.Select(element => element.ToString()));

    public void Tell(object message, IActorRef sender = null) =>
        Deliver((IInternalActorRef)Anchor, sender ?? ActorCell.GetCurrentSelfOrNoSender(), new ActorSelectionMessage(message, Path));

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("subject was null");
        }
        catch (Exception ex)
        {
            throw new ActorNotFoundException("Exception occurred while resolving ActorSelection", ex);
        }
    }

    public override bool Equals(object obj) =>
        obj is ActorSelection other && Equals(Anchor, other.Anchor) && PathString == other.PathString;

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() => Anchor.Path.Uid == ActorCell.UndefinedUid
        ? $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]"
        : $"ActorSelection[Anchor({Anchor.Path}#{Anchor.Path.Uid}), Path({PathString})]";

    internal static void Deliver(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection)
    {
        var current = anchor;
        for (var i = 0; i < selection.Elements.Length; i++)
        {
            if (current is not ActorRefWithCell withCell)
            {
                current.Tell(new ActorSelectionMessage(selection.Message, selection.Elements[i..], selection.WildCardFanOut), sender);
                return;
            }

            switch (selection.Elements[i])
            {
                case SelectParent:
                    current = withCell.Parent;
                    break;
                case SelectChildName name:
                    current = withCell.GetSingleChild(name.Name);
                    if (current is not Nobody) break;
                    TellEmpty(anchor, sender, selection);
                    return;
                case SelectChildRecursive:
                    TellAllBelow(withCell, selection.Message, sender);
                    return;
                case SelectChildPattern pattern:
                    FanOut([.. withCell.Children.Where(child => pattern.Matches(child.Path.Name))], anchor, sender, selection, i + 1);
                    return;
            }
        }

        current.Tell(selection.Message, sender);
    }

    private static void FanOut(IActorRef[] children, IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection, int next)
    {
        if (children.Length == 0) TellEmpty(anchor, sender, selection);
        var rest = new ActorSelectionMessage(selection.Message, selection.Elements[next..], selection.WildCardFanOut || children.Length > 1);
        foreach (var child in children) Deliver((IInternalActorRef)child, sender, rest);
    }

    private static void TellAllBelow(ActorRefWithCell parent, object message, IActorRef sender)
    {
        foreach (var child in parent.Children)
        {
            child.Tell(message, sender);
            if (child is ActorRefWithCell withCell) TellAllBelow(withCell, message, sender);
        }
    }

    private static void TellEmpty(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection)
    {
        if (selection.WildCardFanOut) return;
        var eventStream = anchor.Provider is LocalActorRefProvider provider ? provider.EventStream : null;
        var path = anchor.Path / selection.Elements.Select(element => element.ToString());
        new EmptyLocalActorRef(anchor.Provider, path, eventStream).Tell(selection, sender);
    }
}
