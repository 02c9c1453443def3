using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>
/// Finds mailbox types. For an actor the first of these wins: the mailbox named in its Props, the one its type requires through
/// <see cref="IRequiresMessageQueue{T}"/>, the one its dispatcher names, the default.
/// </summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ConcurrentDictionary<string, MailboxType> _types = new();
    private readonly ConcurrentDictionary<Type, Type> _required = new();
    private readonly Dictionary<string, string> _bindings = [];
    private readonly ActorSystem _system;

    internal Mailboxes(ActorSystem system)
    {
        _system = system;
        DeadLetterMailbox = new DeadLetterMailbox(system.DeadLetters);
        foreach (var (semantics, id) in system.Settings.Config.GetConfig("akka.actor.mailbox.requirements").AsEnumerable())
            _bindings[semantics.Trim('"')] = id.GetString();
    }

    public DeadLetterMailbox DeadLetterMailbox { get; }

    private Config Config => _system.Settings.Config;

    public MailboxType Lookup(string id) => _types.GetOrAdd(id, Create);

    internal MailboxType GetMailboxType(Props props, MessageDispatcher dispatcher)
    {
        var required = _required.GetOrAdd(props.Type, static type => TypeArgument(type, typeof(IRequiresMessageQueue<>)));
        var id = !string.IsNullOrEmpty(props.Mailbox) ? props.Mailbox
            : required is not null && _bindings.TryGetValue(required.FullName!, out var bound) ? bound
            : Config.HasPath(dispatcher.Id + ".mailbox-type") ? dispatcher.Id
            : DefaultMailboxId;
        var mailbox = Lookup(id);
        if (required is not null && TypeArgument(mailbox.GetType(), typeof(IProducesMessageQueue<>)) is { } produced && !required.IsAssignableFrom(produced))
        {
            throw new ArgumentException(
                $"produced message queue type of [{produced}] does not fulfill requirement for actor class [{props.Type}]. Must be a subclass of [{required}]");
        }

        return mailbox;
    }

    private static Type TypeArgument(Type type, Type genericInterface) => type.GetInterfaces()
        .FirstOrDefault(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == genericInterface)
        ?.GenericTypeArguments[0];

    private MailboxType Create(string id)
    {
        if (id == "unbounded") return new UnboundedMailbox();
        if (!Config.HasPath(id)) throw new ConfigurationException($"Mailbox Type [{id}] not configured");
        var config = Config.GetConfig(id).WithFallback(Config.GetConfig(DefaultMailboxId));
        var name = config.GetString("mailbox-type");
        if (string.IsNullOrEmpty(name)) throw new ConfigurationException($"The setting mailbox-type defined in [{id}] is empty");
        var type = Type.GetType(name) ?? throw new ConfigurationException($"Found mailbox-type [{name}] in configuration for [{id}], but could not find that type in any loaded assemblies.");
        try
        {
            return (MailboxType)Activator.CreateInstance(type, _system.Settings, config);
        }
        catch (Exception e)
        {
            throw new ArgumentException(
                $"Cannot instantiate MailboxType {type}, defined in [{id}]. Make sure it has a public constructor with [Akka.Actor.Settings, "
                + "Akka.Configuration.Config] parameters",
                e);
        }
    }
}
