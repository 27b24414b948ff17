namespace Dragoman.Access;

/// <summary>What somebody is here; <see cref="RoleTable"/> says what that lets them do.</summary>
public enum Role
{
    /// <summary>A program: calls models and sees its own records.</summary>
    Inference,

    /// <summary>Reads everything, calls nothing and changes nothing.</summary>
    Viewer,

    /// <summary>A person: calls models, and keeps keys of their own.</summary>
    Member,

    /// <summary>A member who also looks after the keys, people, limits and budgets of their own teams.</summary>
    Manager,

    /// <summary>May do everything.</summary>
    Admin,
}
